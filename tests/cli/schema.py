# SPDX-License-Identifier: Apache-2.0
"""As much of JSON Schema (draft 7) as `kramers schema` uses: valid(value, schema)."""

import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


def has_type(value, name):
    if name in ("number", "integer"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and (name == "number" or value == int(value))
    return isinstance(value, TYPES[name])


def valid_number(value, s):
    return (value >= s.get("minimum", value) and value <= s.get("maximum", value)
            and ("exclusiveMinimum" not in s or value > s["exclusiveMinimum"]))


def valid_object(value, s):
    if not (s.get("minProperties", 0) <= len(value) <= s.get("maxProperties", len(value))
            and all(key in value for key in s.get("required", []))):
        return False
    for key, item in value.items():
        rules = [rule for pattern, rule in s.get("patternProperties", {}).items()
                 if re.search(pattern, key)]
        rules += [s["properties"][key]] if key in s.get("properties", {}) else []
        rules = rules or [s.get("additionalProperties", True)]
        if not (valid(key, s.get("propertyNames", True)) and all(valid(item, r) for r in rules)):
            return False
    return True


def valid(value, s):
    """True when the value is what the schema asks for."""
    if isinstance(s, bool):
        return s
    if not (("type" not in s or has_type(value, s["type"])) and value in s.get("enum", [value])
            and value == s.get("const", value)):
        return False
    if isinstance(value, dict) and not valid_object(value, s):
        return False
    if isinstance(value, list) and not (len(value) >= s.get("minItems", 0) and
                                        all(valid(item, s.get("items", True)) for item in value)):
        return False
    if has_type(value, "number") and not valid_number(value, s):
        return False
    if isinstance(value, str) and not re.search(s.get("pattern", ""), value):
        return False
    if "if" in s and valid(value, s["if"]) and not valid(value, s.get("then", True)):
        return False
    return (all(valid(value, r) for r in s.get("allOf", []))
            and any(valid(value, r) for r in s.get("anyOf", [True]))
            and sum(valid(value, r) for r in s.get("oneOf", [True])) == 1
            and not ("not" in s and valid(value, s["not"])))
