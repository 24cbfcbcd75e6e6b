"""Manifests: functions of a library as tools, without code."""
# SPDX-License-Identifier: MIT

import base64
import json
import zlib

import pytest

from harness.server import run

CRC = {
    "name": "zlib_crc32", "title": "CRC-32", "description": "CRC-32 of bytes, or of more bytes after others.",
    "symbol": "crc32_z", "result": "u64", "result_name": "crc32",
    "parameters": [
        {"name": "start", "type": "u64", "description": "CRC of the bytes before.", "default": 0},
        {"name": "data", "type": "bytes", "description": "The bytes, in base64.", "required": True},
    ],
}
VERSION = {
    "name": "zlib_version", "title": "Version", "description": "Version of zlib.", "symbol": "zlibVersion",
    "result": "utf8",
}
ZLIB = {
    "manifest": 1, "category": "zlib", "version": "1.0.0", "title": "zlib", "summary": "Checksums by zlib.",
    "library": "libz.so.1", "tools": [CRC, VERSION],
}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "plugins"
    place.mkdir(mode=0o755)
    return place


def write(folder, manifest, category="zlib"):
    file = folder / f"pve-{category}.json"
    file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    file.chmod(0o644)
    return file


def refusal(folder, manifest, category="zlib"):
    file = write(folder, manifest, category)
    completed = run("plugins", "--json", "--plugin-dir", folder, "--categories", "nodes")
    assert completed.returncode == 0, "a manifest that is not chosen is not read"
    completed = run("plugins", "--json", "--plugin-dir", folder, "--categories", f"nodes,{category}")
    assert completed.returncode == 1
    (entry,) = json.loads(completed.stdout)["refused"]
    assert entry["message"].startswith(f"{file}: ")
    return entry["message"]


def test_a_function_of_a_library_is_a_tool(start, simulator, folder):
    write(folder, ZLIB)
    server = start(
        simulator, "--plugin-dir", folder, "--categories", "nodes,zlib",
        PVE_TOOL_TIERS="zlib_crc32=read-only,zlib_version=read-only")
    data = b"a manifest and no code"
    answer = server.call("zlib_crc32", {"data": base64.b64encode(data).decode()})
    assert answer.data == {"crc32": zlib.crc32(data)}
    more = server.call("zlib_crc32", {"start": zlib.crc32(data), "data": base64.b64encode(b"!").decode()})
    assert more.data == {"crc32": zlib.crc32(data + b"!")}
    assert server.call("zlib_version").data["result"].startswith("1.")
    tool = next(tool for tool in server.tools() if tool["name"] == "zlib_version")
    assert tool["annotations"]["readOnlyHint"] is True and tool["annotations"]["destructiveHint"] is False


def test_its_tools_are_destructive_until_somebody_says_otherwise(start, simulator, folder):
    write(folder, ZLIB)
    server = start(
        simulator, "--plugin-dir", folder, "--categories", "nodes,zlib", PVE_TOOL_TIERS="zlib_crc32=read-only",
        PVE_CONFIRM="ask")
    tools = {tool["name"]: tool["annotations"] for tool in server.tools()}
    assert tools["zlib_version"]["destructiveHint"] is True
    answer = server.call("zlib_version")
    assert answer.is_error and "Nothing was done yet" in answer.text
    reader = start(
        simulator, "--plugin-dir", folder, "--categories", "nodes,zlib", "--tier", "read-only",
        PVE_TOOL_TIERS="zlib_crc32=read-only")
    assert [name for name in reader.tool_names() if name.startswith("zlib")] == ["zlib_crc32"]


def test_a_missing_symbol_is_named(folder):
    message = refusal(folder, {**ZLIB, "tools": [{**CRC, "symbol": "crc33"}]})
    assert "tools[0].symbol names crc33, which libz.so.1 does not export as a function" in message


def test_a_missing_library_is_named(folder):
    message = refusal(folder, {**ZLIB, "library": "libnone.so.7"})
    assert "the dynamic linker cannot open libnone.so.7, the library it names" in message


def test_a_standard_category_is_refused(folder):
    file = write(folder, {**ZLIB, "category": "qemu"}, "qemu")
    completed = run("plugins", "--json", "--plugin-dir", folder)
    (entry,) = json.loads(completed.stdout)["refused"]
    assert entry["message"] == (
        f'{file}: plugin refused: category "qemu" is served by '
        f'{next(one["file"] for one in json.loads(completed.stdout)["plugins"] if one["category"] == "qemu")}; '
        "remove one of the two")


@pytest.mark.parametrize(
    "change, words",
    [
        ({"manifest": 2}, "manifest is 2, this host reads 1"),
        ({"library": "./libz.so"}, 'library is "./libz.so"'),
        ({"colour": 1}, "colour is not known"),
        ({"category": "other"}, 'its category is "other", its file name says "zlib"'),
        ({"tools": []}, "it has no tools"),
        ({"tools": [{**CRC, "result": "int"}]}, 'tools[0].result is "int"; use one of none, bool, i32'),
        ({"tools": [{**CRC, "parameters": [{"name": "a", "type": "long", "description": "A."}]}]},
         'tools[0].parameters[0].type is "long"; use one of bool, i32, u32'),
        ({"tools": [{**CRC, "title": None}]}, "tools[0].title is missing"),
    ],
)
def test_what_is_wrong_with_it_is_said_by_its_place(folder, change, words):
    assert words in refusal(folder, {**ZLIB, **change})


def test_what_is_no_json_is_refused(folder):
    assert "it is not JSON" in refusal(folder, '{"manifest": 1,')


def test_a_tier_is_for_tools_of_manifests_only(folder):
    write(folder, ZLIB)
    completed = run(
        "plugins", "--plugin-dir", folder, "--categories", "nodes,zlib", "--tool-tiers", "pve_list_nodes=full")
    assert completed.returncode == 2
    assert 'PVE_TOOL_TIERS: no loaded manifest has a tool "pve_list_nodes"' in completed.stderr
