"""Native tools: C functions that are called with what the caller gives, or not at all."""
# SPDX-License-Identifier: MIT

import base64

import jsonschema
import pytest

from harness.confirmation import token_of
from harness.fixtures import compile_plugin
from harness.person import ASKING, CLIENTS, NO, SILENT, Person, agreeing
from harness.server import run
from test_confirmation_approval import approve, approvals, needs_approval  # noqa: F401: a fixture among them

WIPE = "pve_native_wipe"
# Nobody is at the other end: native tools ask nothing of Proxmox.
NOWHERE = {
    "PVE_BASE_URL": "http://127.0.0.1:1", "PVE_TOKEN_ID": "root@pam!test",
    "PVE_TOKEN_SECRET": "00000000-0000-0000-0000-000000000000",
}
MEGABYTE = 1 << 20
LIMIT = 16 * MEGABYTE


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("native") / "plugins"
    path.mkdir(mode=0o755)
    compile_plugin(path, "native", category="native")
    return path


@pytest.fixture
def native(start, folder):
    return start(None, "--plugin-dir", folder, "--categories", "native", **NOWHERE)


@pytest.fixture
def asking(start, folder):
    def server(client, person=None, **settings):
        revision, capabilities = CLIENTS[client]
        return start(
            None, "--plugin-dir", folder, "--categories", "native", revision=revision, capabilities=capabilities,
            person=person, **{**NOWHERE, "PVE_CONFIRM": "ask", **settings})

    return server


VALUES = {
    "bool": [True, False],
    "i32": [-(2**31), -1, 0, 2**31 - 1],
    "u32": [0, 2**31, 2**32 - 1],
    "i64": [-(2**63), 0, 2**53 + 1, 2**63 - 1],
    "u64": [0, 2**63 - 1, 2**63, 2**64 - 1],
    "f64": [0, -2.5, 0.1, 1.7976931348623157e308, 5e-324],
    "text": ["", "a", "äöü 🐧 \"quoted\" \\ \n", "\u0001", "x" * 100_000],
    "bytes": ["", "AA==", "AAE=", "AAEC", base64.b64encode(bytes(range(256))).decode()],
}


@pytest.mark.parametrize("type", VALUES)
def test_values_go_in_and_come_out_as_they_are(native, type):
    tools = {tool["name"]: tool for tool in native.tools()}
    schema = tools[f"pve_native_{type}"]["outputSchema"]
    for value in VALUES[type]:
        data = native.call(f"pve_native_{type}", {"value": value}).data
        assert data == {"result": value} and isinstance(data["result"], bool) == (type == "bool")
        jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"result": None}, schema)


# What is refused, and a part of what is said.
REFUSED = {
    "bool": [("true", '"value" takes true or false'), (1, '"value" takes true or false')],
    "i32": [(2**31, "takes an integer; got 2147483648"), (-(2**31) - 1, "got -2147483649"), (0.5, "got 0.5"), ("1", 'got "1"')],
    "u32": [(-1, "got -1"), (2**32, "got 4294967296")],
    "i64": [(2**63, "got 9223372036854775808"), (-(2**63) - 1, "got -9223372036854775809"), (True, "got true")],
    "u64": [(-1, "got -1"), (2**64, "got 18446744073709551616")],
    "f64": [("NaN", 'got "NaN"'), ("1", 'got "1"'), ([], "got []"), (True, "got true")],
    "text": [(5, "takes a string; got 5"), ("a\0b", '"value" has the character U+0000'), ("\0", "U+0000"), (["a"], 'got ["a"]')],
    "bytes": [
        ("A", '"value" takes bytes as base64'), ("AA=", "base64"), ("AAA", "base64"), ("AB==", "base64"), ("A=A=", "base64"),
        ("====", "base64"), ("AA==AA==", "base64"), ("AA\n=", "base64"), ("AA-_", "base64"), ("äöü", "base64"),
        (7, "takes a string"),
    ],
}


@pytest.mark.parametrize("type", REFUSED)
def test_what_does_not_fit_is_refused_by_name(native, type):
    for value, said in REFUSED[type]:
        answer = native.call(f"pve_native_{type}", {"value": value})
        assert answer.is_error and said in answer.text, (value, answer.text)
    assert "structuredContent" not in answer.result


def test_missing_and_extra_arguments_are_named(native):
    assert 'argument "value" is missing' in native.call("pve_native_i32", {}).text
    assert 'argument "value" is missing' in native.call("pve_native_text", {"value": None}).text
    extra = native.call("pve_native_i32", {"value": 1, "valeu": 2})
    assert extra.is_error and 'argument "valeu" is not known (did you mean "value"?)' in extra.text
    assert native.call("pve_native_nothing", {"value": 1}).is_error
    assert native.call("pve_native_nothing").data == {"status": "ok"}


def raw(server, tool, arguments):
    """A call whose arguments are JSON text."""
    id = server.next_id()
    server.methods[id] = "tools/call"
    server.send_raw(
        b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s}}\n'
        % (id, tool.encode(), arguments))
    return server.wait_for(id)


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"1e309"])
def test_numbers_beyond_all_doubles_are_refused(native, number):
    result = raw(native, "pve_native_f64", b'{"value":%s}' % number)["result"]
    assert result["isError"] and '"value" takes a number' in result["content"][0]["text"]


@pytest.mark.parametrize("text", [b'{"value":NaN}', b'{"value":Infinity}', b'{"value":"\xff"}', b'{"value":"\xed\xa0\x80"}'])
def test_what_is_no_json_never_gets_to_a_function(native, text):
    native.send_raw(
        b'{"jsonrpc":"2.0","id":99,"method":"tools/call","params":{"name":"pve_native_text","arguments":%s}}\n' % text)
    assert native.receive()["error"]["code"] == -32700
    assert native.call("pve_native_text", {"value": "still here"}).data == {"result": "still here"}


def test_escapes_are_decoded_before_they_are_looked_at(native):
    assert raw(native, "pve_native_measure", b'{"value":"\\u00e4\\\\u0000"}')["result"]["structuredContent"] == {"length": 8}
    result = raw(native, "pve_native_measure", b'{"value":"a\\u0000b"}')["result"]
    assert result["isError"] and "U+0000" in result["content"][0]["text"]


def test_texts_of_megabytes_are_handed_over(native):
    longest = LIMIT - 4096
    assert native.call("pve_native_measure", {"value": "x" * longest}).data == {"length": longest}
    assert native.call("pve_native_text", {"value": "y" * MEGABYTE}).data == {"result": "y" * MEGABYTE}


def test_a_line_of_a_gigabyte_is_refused_without_harm(native):
    def peak():
        with open(f"/proc/{native.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    native.send_raw(b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pve_native_measure","arguments":{"value":"')
    chunk = b"x" * MEGABYTE
    for _ in range(1024):
        native.send_raw(chunk)
    native.send_raw(b'"}}}\n')
    assert "error" in native.receive(timeout=60)
    assert native.call("pve_native_measure", {"value": "after"}).data == {"length": 5}
    assert peak() < 100_000, "it kept what it had refused"


def test_what_is_left_out_is_absent_or_preset(native):
    def said(arguments):
        return native.call("pve_native_describe", arguments).data["result"]

    assert said({}) == "preset=7"
    assert said({name: None for name in ("b", "i", "text", "bytes", "preset")}) == "preset=7"
    given = {
        "b": False, "i": -1, "u": 2**32 - 1, "l": -(2**63), "m": 2**64 - 1, "d": 2.5, "text": "t", "bytes": "AAE=", "preset": 0,
    }
    words = ["b=0", "i=-1", "u=4294967295", f"l={-(2**63)}", f"m={2**64 - 1}", "d=2.5", "text=t", "bytes=2"]
    assert said(given) == " ".join(words + ["preset=0"])
    for name, word in zip(given, words):
        assert said({name: given[name]}) == f"{word} preset=7"


def test_twelve_arguments_arrive_in_order(native):
    arguments = dict(zip("abcdefghijk", [1, 2, 3, 4, 5, True, "1234567", "CAk=", 9, 10, 11]))
    total = 1 + 2 * 2 + 3 * 3 + 4 * 4 + 5 * 5 + 6 + 7 * 7 + 8 * 8 + 2 * 9 + 9 * 10 + 10 * 11 + 11 * 12
    assert native.call("pve_native_twelve", arguments).data == {"result": total}


def test_bounds_choices_lengths_and_patterns_hold(native):
    def call(**arguments):
        return native.call("pve_native_limited", {"number": 0, **arguments})

    assert call().data == {"result": 3}
    assert call(number=-5, word="green", key="abcd").data == {"result": 4}
    for arguments in ({"number": 6}, {"number": -6}, {"word": "blue"}, {"key": "abcde"}, {"key": "A"}):
        answer = call(**arguments)
        assert answer.is_error and f'"{next(iter(arguments))}" takes' in answer.text
    assert "A1B2" not in call(key="A1B2").text, "a secret was repeated"


def test_the_schemas_come_from_the_table(native):
    tools = {tool["name"]: tool for tool in native.tools()}
    assert tools["pve_native_limited"]["inputSchema"] == {
        "type": "object",
        "properties": {
            "number": {"type": "integer", "description": "A number.", "minimum": -5, "maximum": 5},
            "word": {"type": "string", "description": "A word.", "enum": ["red", "green"], "default": "red"},
            "key": {"type": "string", "description": "A key.", "maxLength": 4, "pattern": "^[a-z]+$"},
        },
        "required": ["number"],
    }
    assert tools["pve_native_bytes"]["inputSchema"]["properties"]["value"]["contentEncoding"] == "base64"
    assert tools["pve_native_bytes"]["outputSchema"]["properties"]["result"] == {"type": "string", "contentEncoding": "base64"}
    assert tools["pve_native_measure"]["outputSchema"] == {
        "type": "object", "properties": {"length": {"type": "integer"}}, "required": ["length"]}
    assert "outputSchema" not in tools["pve_native_status"] and "outputSchema" not in tools["pve_native_nothing"]
    assert "required" not in tools["pve_native_speak"]["outputSchema"]


@pytest.mark.parametrize("tool, kind, said", [
    ("odd_number", 0, "returned NaN (no number), which has no notation in an answer"),
    ("odd_number", 1, "returned infinity"),
    ("odd_number", -1, "returned minus infinity"),
    ("odd_text", 0, "returned NULL where a text was due; this is a fault of the plugin"),
    ("odd_text", 1, "returned a text that is not UTF-8"),
    ("odd_bytes", 0, "returned NULL for 3 bytes"),
    ("odd_bytes", 1, "returned more than 16 MiB"),
])
def test_results_that_are_none_are_errors(native, tool, kind, said):
    answer = native.call(f"pve_native_{tool}", {"kind": kind})
    assert answer.is_error and f"The function of pve_native_{tool} {said}" in answer.text


def test_a_status_fails_with_the_functions_words(native):
    assert native.call("pve_native_status", {"code": 0, "words": "unread"}).data == {"status": "ok"}
    for code in (1, -1, 2**31 - 1):
        failed = native.call("pve_native_status", {"code": code, "words": f"No room for {code}."})
        assert failed.is_error and failed.text == f"No room for {code}."
    failed = native.call("pve_native_status", {"code": 3})
    assert failed.text == "The function of pve_native_status failed with status 3 and did not say why."


def test_a_function_with_the_call_can_use_it(native):
    def speak(what, **more):
        return native.call("pve_native_speak", {"what": what}, **more)

    assert speak("").data == {"result": 42}
    failed = speak("fail")
    assert failed.is_error and failed.text == "It failed by itself."
    assert speak("reply").data == {"said": "hello"}
    assert speak("list").data == {"result": 42}, "a list is no answer of this tool"
    assert speak("log").data == {"result": 42}
    native.wait_for_stderr("native was here")
    (progress,) = speak("progress", token="t").progress
    assert (progress["params"]["progress"], progress["params"]["total"]) == (1, 2)


def test_a_cancelled_function_is_told(native):
    id = native.start_call("pve_native_linger")
    native.wait_for_stderr("lingering")
    assert native.call("pve_native_i32", {"value": 5}).data == {"result": 5}
    native.notify("notifications/cancelled", {"requestId": id})
    native.wait_for_stderr("let go")
    assert native.call("pve_native_i32", {"value": 6}).data == {"result": 6}


def wipes(server, **more):
    return server.call(WIPE, {"disk": "sda", **more})


@pytest.mark.parametrize("client", SILENT)
def test_a_destructive_function_waits_for_its_token(asking, client):
    server = asking(client)
    asked = wipes(server, key="hunter2", passes=3)
    assert f'Call {WIPE} (Wipe a disk) with disk "sda", key (not shown), passes 3:' in asked.text
    assert "hunter2" not in asked.text and asked.text.startswith("Nothing was done yet")
    token = token_of(asked)
    other = wipes(server, key="hunter2", passes=4, confirm=token)
    assert other.is_error and "given for another call" in other.text
    token = token_of(wipes(server, key="hunter3", passes=3))
    assert wipes(server, key="hunter2", passes=3, confirm=token).is_error, "the secret is bound, too"
    token = token_of(wipes(server))
    assert wipes(server, confirm=token).data == {"wipes": 1}, "the function was called before"
    assert wipes(server, confirm=token).is_error


@pytest.mark.parametrize("client", ASKING)
def test_a_person_is_asked_before_a_destructive_function(asking, client):
    person = agreeing()
    server = asking(client, person)
    assert wipes(server, key="hunter2").data == {"wipes": 1}
    (question,) = person.questions
    assert 'disk "sda"' in question and "hunter2" not in question


@pytest.mark.parametrize("client", ASKING)
@pytest.mark.parametrize("reply", [{"action": "decline"}, {"action": "cancel"}, NO], ids=["decline", "cancel", "no"])
def test_without_a_yes_the_function_is_not_called(asking, client, reply):
    person = Person(reply)
    server = asking(client, person)
    answer = wipes(server)
    assert answer.is_error and f"{WIPE} was not called" in answer.text
    person.reply = agreeing().reply
    assert wipes(server).data == {"wipes": 1}


def test_a_person_approves_a_function_on_the_machine(asking, approvals):  # noqa: F811
    server = asking("legacy", PVE_CONFIRM="person", **approvals)
    id = needs_approval(wipes(server, key="hunter2"))
    status, said = approve(approvals)
    assert status == 0 and WIPE in said and "hunter2" not in said
    assert approve(approvals, id, typed="yes\n")[0] == 0
    assert wipes(server, passes=2).is_error, "it was approved with other arguments"
    assert wipes(server, key="hunter2").data == {"wipes": 1}


@pytest.mark.parametrize("client", CLIENTS)
def test_nobody_is_asked_where_that_is_switched_off(asking, client):
    server = asking(client, PVE_CONFIRM="never")
    assert wipes(server).data == {"wipes": 1}
    assert wipes(server, confirm="whatever").data == {"wipes": 2}


def test_a_call_that_is_cancelled_while_it_waits_for_a_yes_is_not_made(asking):
    server = asking("legacy that can be asked")
    id = server.start_call(WIPE, {"disk": "sda"})
    question = server.wait_for_question()
    server.notify("notifications/cancelled", {"requestId": id})
    assert server.receive()["params"]["requestId"] == question["id"]
    server.answer(question["id"], {"action": "accept", "content": {"confirm": True}})
    server.person = agreeing()
    assert wipes(server).data == {"wipes": 1}


def test_nobody_is_asked_about_a_call_that_cannot_be_made(asking):
    person = agreeing()
    server = asking("legacy that can be asked", person)
    assert "U+0000" in server.call(WIPE, {"disk": "s\0da"}).text
    assert person.questions == []


def test_the_tier_holds_for_native_tools(folder):
    names = run("tools", "--plugin-dir", folder, "--categories", "native", settings={"PVE_ACCESS_TIER": "read-execute"}).stdout
    assert "pve_native_twelve" in names and WIPE not in names.split("\n\n")[0].split()
