"""Checks a request against what the API of a release takes, with nothing of the server's or the simulator's."""
# SPDX-License-Identifier: MIT

import functools
import json
import re

from harness.programs import ROOT

FILES = {"9.2": "pve-api-facts.json", "8.4": "pve-api-facts-8.4.json"}
NUMBERED = re.compile(r"^([a-z][a-z-]*?)(\d+)$")
TYPES = {
    "integer": re.compile(r"[+-]?\d+"), "number": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"),
    "boolean": re.compile(r"0|1|on|off|yes|no|true|false", re.IGNORECASE),
}
HIDDEN = "***"


@functools.cache
def endpoints(release):
    """What a release's API has, by verb and path."""
    document = json.loads((ROOT / "Sources/SimulatorFacts" / FILES[release]).read_text())
    return {(entry["method"], entry["path"]): entry for entry in document["endpoints"]}


@functools.cache
def formats():
    return json.loads((ROOT / "Sources/SimulatorFacts/pve-formats.json").read_text())


def faults(entry, release="9.2"):
    """What is wrong with a request from the simulator's log: a list of texts, empty when nothing is."""
    where = f"{entry['method']} {entry.get('template') or entry['path']}"
    known = endpoints(release).get((entry["method"], entry.get("template")))
    if known is None:
        return [f"{where} does not exist in {release}"]
    found, declared, sent = [], known["parameters"], entry["parameters"]
    for name, value in sent.items():
        definition = definition_of(name, declared)
        if definition is None:
            if not known.get("additionalProperties", 1):
                found.append(f"{where} takes no {name}")
            continue
        found += [f"{where}: {name}: {fault}" for fault in value_faults(value, definition)]
        other = definition.get("requires")
        if other is not None and other not in sent:
            found.append(f"{where}: {name} requires {other}")
    for name, definition in declared.items():
        if not definition.get("optional") and "[n]" not in name and name not in sent:
            found.append(f"{where}: {name} is missing")
    return found + variant_faults(where, known.get("variants"), sent)


def definition_of(name, declared):
    if name in declared:
        return declared[name]
    numbered = NUMBERED.match(name)
    return declared.get(f"{numbered[1]}[n]") if numbered else None


def variant_faults(where, variants, sent):
    """Endpoints of several kinds of object take what the kind that `type` names takes."""
    if not variants or sent.get("type") not in variants:
        return []
    variant = variants[sent["type"]]
    everywhere = {name for other in variants.values() for name in other}
    return [f"{where}: {sent['type']} takes no {name}" for name in sent if name in everywhere - set(variant)] + [
        f"{where}: {sent['type']} needs {name}" for name, need in variant.items() if need == "req" and name not in sent
    ]


def value_faults(value, definition):
    """What is wrong with one value, a text or, for arrays, a list of texts."""
    if value == HIDDEN:
        return []
    if definition.get("type") == "array":
        values = value if isinstance(value, list) else [value]
        return [fault for one in values for fault in value_faults(one, definition.get("items", {}))]
    if isinstance(value, list):
        return ["given more than once"]
    text, found = str(value), []
    kind = TYPES.get(definition.get("type"))
    if kind and not kind.fullmatch(text):
        return [f"{text!r} is no {definition['type']}"]
    if "enum" in definition and text not in [str(choice) for choice in definition["enum"]]:
        found.append(f"{text!r} is none of {definition['enum']}")
    if definition.get("type") in ("integer", "number"):
        if "minimum" in definition and float(text) < float(definition["minimum"]):
            found.append(f"{text} is below {definition['minimum']}")
        if "maximum" in definition and float(text) > float(definition["maximum"]):
            found.append(f"{text} is above {definition['maximum']}")
    if "maxLength" in definition and len(text) > int(definition["maxLength"]):
        found.append(f"longer than {definition['maxLength']}")
    if "minLength" in definition and len(text) < int(definition["minLength"]):
        found.append(f"shorter than {definition['minLength']}")
    if "pattern" in definition and not pattern(definition["pattern"]).search(text):
        found.append(f"{text!r} does not match {definition['pattern']}")
    return found + property_faults(text, properties_of(definition.get("format")))


@functools.cache
def pattern(expression):
    # Perl writes the flags of a compiled expression as (?^i:…); the API anchors every pattern.
    return re.compile(r"\A(?:" + re.sub(r"\(\?\^([a-z]*):", lambda found: f"(?{found[1]}:", expression) + r")\Z")


def properties_of(format):
    if isinstance(format, str):
        format = formats().get(format)
        return format.get("properties") if format and format.get("kind") == "property-string" else None
    return format if isinstance(format, dict) else None


def property_faults(text, properties):
    """What is wrong with a text such as local-lvm:8,discard=on."""
    if properties is None or not text:
        return []
    names = {
        name.replace("[n]", ""): definition for name, definition in properties.items() if isinstance(definition, dict)
    }
    default = next((name for name, definition in names.items() if definition.get("default_key")), None)
    found, seen = [], set()
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not equals or name not in names and NUMBERED.sub(r"\1", name) not in names:
            name, value = default, part
            if default is None or default in seen:
                found.append(f"{part!r} is no property of it")
                continue
        seen.add(name)
        definition = names.get(name) or names.get(NUMBERED.sub(r"\1", name), {})
        if "alias" in definition:
            definition = names.get(definition["alias"], {})
        found += [f"{name}: {fault}" for fault in value_faults(value, definition)]
    return found
