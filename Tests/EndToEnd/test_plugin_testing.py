"""libpvetesting.so: a plugin's tools without a server, by the functions of pve_testing.h."""
# SPDX-License-Identifier: MIT

import ctypes
import json
import re
import subprocess

import pytest

from harness.fixtures import compile_plugin
from harness.programs import BUILD, ROOT, plugin

HEADER = ROOT / "Sources/CPluginTesting/include/pve_testing.h"
LIBRARY = BUILD / "libpvetesting.so"
DECLARED = re.findall(r"^([\w *]+?[ *])(pve_testing_\w+)\((.*)\);$", HEADER.read_text(), re.MULTILINE)
TYPES = {"pve_testing *": ctypes.c_void_p, "const char *": ctypes.c_char_p, "int": ctypes.c_int, "void": None,
         "size_t": ctypes.c_size_t}


@pytest.fixture(scope="module")
def functions():
    library = ctypes.CDLL(str(LIBRARY))
    for result, name, parameters in DECLARED:
        function = getattr(library, name)
        function.restype = TYPES[result.strip()]
        function.argtypes = [TYPES[re.match(r"(.*?[ *])\w+$", one.strip())[1].strip()] for one in parameters.split(",")]
    return library


class Bench:
    """A plugin under test, as Python has it."""

    def __init__(self, functions, file):
        self.functions = functions
        self.handle = functions.pve_testing_open(str(file).encode())

    def __getattr__(self, name):
        function = getattr(self.functions, f"pve_testing_{name}")

        def call(*words):
            result = function(self.handle, *(word.encode() if isinstance(word, str) else word for word in words))
            return result.decode() if isinstance(result, bytes) else result

        return call

    def all(self, name):
        """Every text of a list."""
        texts = []
        while (text := getattr(self, name)(len(texts))) is not None:
            texts.append(text)
        return texts


@pytest.fixture
def bench(functions, tmp_path):
    opened = Bench(functions, compile_plugin(tmp_path, "bench", "bench"))
    assert opened.refusal() is None
    yield opened
    opened.close()


def test_the_library_exports_what_the_header_declares_and_nothing_else():
    exported = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], capture_output=True, text=True, check=True).stdout
    assert len(DECLARED) == 14
    assert {line.split()[-1] for line in exported.splitlines()} == {name for _, name, _ in DECLARED}


def test_the_library_carries_its_own_runtime():
    needed = subprocess.run(["readelf", "-d", LIBRARY], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"NEEDED.*\[(.*)\]", needed)) <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


@pytest.mark.parametrize("compiler", [("cc", "-std=c11", "-xc"), ("g++", "-std=c++17", "-xc++")], ids=lambda words: words[0])
def test_the_header_is_c_and_cpp(compiler):
    flags = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-include", str(HEADER), "/dev/null"]
    subprocess.run([*compiler, *flags], check=True)


def test_tools_are_listed_in_their_order(bench):
    names = ["passes", "strays", "misshapes", "stumbles", "forgets", "asks", "sums", "fails"]
    assert bench.all("tool") == [f"bench_{name}" for name in names]


def test_a_tool_that_breaks_a_rule_is_refused_in_the_hosts_words(functions, tmp_path):
    bench = Bench(functions, compile_plugin(tmp_path, "bench", "bench", BROKEN=True))
    assert 'libpve-bench.so: tool "bench_broken" refused: ' in bench.refusal()
    assert len(bench.all("tool")) == 8


@pytest.mark.parametrize(
    "name, words",
    [("libpve-none.so", "No such file or directory"), ("plugin.so", "its name is not libpve-<category>.so"),
     ("libpve-other.so", "does not export pve_plugin_other")],
)
def test_a_file_that_is_no_plugin_is_refused(functions, tmp_path, name, words):
    compile_plugin(tmp_path, "bench", "bench").rename(tmp_path / "plugin.so")
    (tmp_path / "libpve-other.so").write_bytes((tmp_path / "plugin.so").read_bytes())
    bench = Bench(functions, tmp_path / name)
    assert words in bench.refusal()
    assert bench.all("tool") == []
    assert bench.call("anything", "{}") == 1


def test_code_gets_the_answer_that_was_laid_out(bench):
    assert bench.answer("POST /nodes/{node}/status", '[{"a":1},2]') == 0
    assert bench.call("bench_passes", '{"node":"pve1","order":"wake","options":{"x":5,"y":"z"}}') == 0
    assert bench.reply() == '[{"a":1},2]'
    assert (bench.member("0.a"), bench.member("1"), bench.member("2"), bench.member("0.b")) == ("1", "2", None, None)
    assert bench.failure() is None
    assert bench.all("request") == ['POST /nodes/pve1/status {"command":"wake","x":"5","y":"z"}']
    assert bench.all("progress") == ["half way"]
    assert bench.all("log") == ["warning: it was sent"]


def test_an_answer_for_values_comes_before_the_one_for_all(bench):
    bench.answer("POST /nodes/{node}/status", '["any"]')
    bench.answer("POST /nodes/pve2/status", '["second"]')
    for node, reply in (("pve1", '["any"]'), ("pve2", '["second"]')):
        assert bench.call("bench_passes", json.dumps({"node": node})) == 0
        assert bench.reply() == reply


def test_a_refusal_reaches_the_code(bench):
    bench.refuse("POST /nodes/{node}/status", "Permission check failed")
    assert bench.call("bench_passes", '{"node":"pve1"}') == 1
    assert (bench.failure(), bench.reply()) == ("Permission check failed", None)


def test_a_request_without_an_answer_is_named(bench):
    assert bench.call("bench_passes", '{"node":"pve1"}') == 1
    assert bench.failure() == "This test has no answer to POST /nodes/pve1/status; lay one out before the call."


def test_a_tool_without_code_replies_what_was_laid_out(bench):
    bench.answer("POST /nodes/pve1/status", "null")
    assert bench.call("bench_asks", '{"node":"pve1","order":"reboot"}') == 0
    assert bench.all("request") == ['POST /nodes/pve1/status {"command":"reboot"}']
    assert bench.reply() == "null"


@pytest.mark.parametrize(
    "tool, words",
    [
        ("bench_strays", "bench_strays does not declare the request POST /nodes/{node}/reboot; add it to the endpoints of its "
                         "body."),
        ("bench_misshapes", "The reply of bench_misshapes is not JSON of its shape (object): [1]"),
        ("bench_forgets", "bench_forgets gave no reply."),
    ],
)
def test_what_a_host_would_refuse_fails(bench, tool, words):
    assert bench.call(tool, '{"node":"pve1"}') == 1
    assert bench.failure() == words


def test_the_first_good_reply_stands(bench):
    assert bench.call("bench_stumbles", '{"node":"pve1"}') == 0
    assert bench.member("a.0.b") == "true"


@pytest.mark.parametrize(
    "tool, arguments, words",
    [
        ("bench_nothing", "{}", 'There is no tool "bench_nothing" in this plugin; there are: bench_passes, '),
        ("bench_passes", "[]", "The arguments of bench_passes are not an object."),
        ("bench_passes", "{", "The arguments are not JSON: "),
        ("bench_passes", "{}", 'bench_passes requires the argument "node".'),
        ("bench_passes", '{"node":"a","noed":1}', 'bench_passes has no argument "noed".'),
        ("bench_sums", '{"bytes":"YQ==","start":3000000000}', 'argument "start" does not fit i32: 3000000000'),
        ("bench_sums", '{"bytes":"?"}', 'argument "bytes" does not fit bytes: "?"'),
    ],
)
def test_a_call_that_cannot_be_made_says_why(bench, tool, arguments, words):
    assert bench.call(tool, arguments) == 1
    assert bench.failure().startswith(words)
    assert bench.all("request") == []


@pytest.mark.parametrize(
    "request_, answer", [("GET", "{}"), ("FETCH /nodes", "{}"), ("GET nodes", "{}"), ("GET /nodes ", "{}"), ("GET /nodes", "{")])
def test_what_cannot_be_laid_out_fails_the_next_call(bench, request_, answer):
    assert bench.answer(request_, answer) == -1
    assert bench.call("bench_sums", '{"bytes":""}') == 1
    assert request_ in bench.failure()
    assert bench.call("bench_sums", '{"bytes":""}') == 0


def test_native_tools_get_defaults_and_absent_arguments(bench):
    assert bench.call("bench_sums", '{"bytes":"AQID"}') == 0
    assert bench.reply() == '{"sum":106}'
    assert bench.call("bench_sums", '{"bytes":"AQID","start":0,"factor":0.5}') == 0
    assert bench.reply() == '{"sum":3}'


def test_native_tools_fail_in_their_own_words(bench):
    assert bench.call("bench_fails", '{"text":"it broke"}') == 1
    assert bench.failure() == "it broke"
    assert bench.call("bench_fails", '{"text":""}') == 0


def test_a_call_can_be_given_up(bench):
    bench.cancel(1)
    assert bench.call("bench_passes", '{"node":"pve1"}') == 1
    assert (bench.failure(), bench.all("request")) == ("given up", [])
    bench.cancel(0)
    bench.answer("POST /nodes/pve1/status", "[]")
    assert bench.call("bench_passes", '{"node":"pve1"}') == 0


def test_nothing_has_been_called_at_first(bench):
    assert (bench.reply(), bench.failure()) == (None, "No tool has been called.")


def test_a_plugin_of_the_server_is_tested_alike(functions):
    bench = Bench(functions, plugin("pools"))
    assert bench.refusal() is None
    bench.answer("GET /pools", '[{"poolid":"web"}]')
    assert bench.call("pve_list_pools", "{}") == 0
    assert bench.member("0.poolid") == '"web"'


def test_null_is_no_crash(functions):
    assert functions.pve_testing_call(None, b"x", b"{}") == 1
    assert functions.pve_testing_reply(None) is None
    functions.pve_testing_close(None)
    bench = Bench(functions, "/nowhere/libpve-x.so")
    assert functions.pve_testing_call(bench.handle, None, None) == 1
