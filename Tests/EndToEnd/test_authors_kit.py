"""What an author of plugins is given: the page, the examples, `plugin new`, and an installation to build against."""
# SPDX-License-Identifier: MIT

import re
import shutil
import subprocess

import pytest

from harness.authors import (
    EXAMPLES, LANGUAGES, author, commands, example, expect_lines, ignored, no_warnings, run_script)
from harness.programs import ROOT, environment
from harness.server import run

PAGE = ROOT / "docs/writing-a-plugin.md"
pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("section", ["c", "rust", "swift", "manifest"])
def test_the_page_leads_to_a_tool_that_is_called(tmp_path, section):
    script, shown = commands(PAGE, f"<!-- begin run {section} -->", "<!-- end run -->")
    assert "pve-mcp plugins" in script and "tools/call" in script and len(shown) >= 3
    output = run_script(script, tmp_path / "work", author(tmp_path))
    expect_lines(output, shown)
    no_warnings(output)


def test_every_section_of_the_page_is_run():
    assert re.findall(r"<!-- begin run (\w+) -->", PAGE.read_text()) == ["c", "rust", "swift", "manifest"]


def test_the_readme_begins_a_plugin(tmp_path):
    script, _ = commands(ROOT / "README.md", "<!-- begin run plugin -->", "<!-- end run -->")
    output = run_script(script, tmp_path / "work", author(tmp_path))
    expect_lines(output, ["passed", "would be loaded", '"running":4,"total":12'])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_does_what_its_readme_says(tmp_path, language):
    folder = example(tmp_path, f"hello-{language}")
    script, _ = commands(folder / "README.md")
    assert script.count("make") == 5
    settings = author(tmp_path)
    output = run_script(script, folder, settings)
    no_warnings(output)
    expect_lines(output, ["would be loaded", '"running":4,"total":12'])
    listed = run_script("pve-mcp plugins --categories default,hello", folder, settings)
    assert re.search(r"^hello .* third-party", listed, re.MULTILINE)


def test_the_manifest_does_what_its_readme_says(tmp_path):
    folder = example(tmp_path, "zlib-manifest")
    script, _ = commands(folder / "README.md")
    output = run_script(script, folder, author(tmp_path))
    expect_lines(output, ["would be loaded", "zlib …5 of 5", '"structuredContent":{"crc32":3421780262}'])


@pytest.mark.parametrize(
    "tool, arguments, answer",
    [
        ("zlib_crc32", {"data": "Njc4OQ==", "start": 0xCBF53A1C}, {"crc32": 0xCBF43926}),
        ("zlib_adler32", {"data": "MTIzNDU2Nzg5"}, {"adler32": 0x091E01DE}),
        ("zlib_compress_bound", {"length": 0}, {"bytes": 13}),
        ("zlib_error", {"code": -3}, {"meaning": "data error"}),
    ],
)
def test_the_functions_of_zlib_answer(start, simulator, tmp_path, tool, arguments, answer):
    folder = example(tmp_path, "zlib-manifest")
    server = start(simulator, "--plugin-dir", folder, "--categories", "zlib")
    assert server.call(tool, arguments).data == answer


@pytest.mark.parametrize("code", [-7, 3])
def test_the_bounds_of_the_manifest_keep_calls_from_the_function(start, simulator, tmp_path, code):
    folder = example(tmp_path, "zlib-manifest")
    server = start(simulator, "--plugin-dir", folder, "--categories", "zlib")
    answer = server.call("zlib_error", {"code": code})
    assert answer.is_error and "code" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_the_example(tmp_path, language):
    assert run("plugin", "new", "hello", "--lang", language, "--directory", tmp_path).returncode == 0
    written, source = tmp_path / "hello", EXAMPLES / f"hello-{language}"
    skipped = set(ignored(source))
    names = {
        str(file.relative_to(source)) for file in source.rglob("*")
        if file.is_file() and not skipped & {file.name, file.relative_to(source).parts[0]}
    }
    assert {str(file.relative_to(written)) for file in written.rglob("*") if file.is_file()} == names
    for name in sorted(names - {"local.mk", "Package.swift"}):
        assert (written / name).read_bytes() == (source / name).read_bytes(), name


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What `make install` puts below a directory of its own, as PREFIX=/usr."""
    place = tmp_path_factory.mktemp("installed")
    place.chmod(0o755)
    done = subprocess.run(
        ["make", "install", f"DESTDIR={place}", "PREFIX=/usr"], cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "usr"


def test_an_installation_has_what_plugins_need(installed):
    headers = {file.name for file in (installed / "include/pve-mcp").iterdir()}
    assert headers == {"pve_plugin.h", "pve_native.h", "pve_testing.h", "module.modulemap"}
    assert (installed / "lib/libpvetesting.so").is_file()
    assert {file.name for file in (installed / "lib/pkgconfig").iterdir()} == {"pve-plugin.pc", "pve-testing.pc"}
    kit = installed / "share/pve-mcp/PluginKit"
    assert {file.name for file in kit.iterdir()} == {"Package.swift", "Sources"}
    assert not [file for file in kit.rglob("*") if file.is_symlink()], "it leads out of the installation"
    assert not list((installed / "lib/pve-mcp/plugins").glob("*testing*"))


def test_pkg_config_knows_the_installation(installed):
    def ask(*words):
        settings = environment() | {"PKG_CONFIG_PATH": str(installed / "lib/pkgconfig")}
        done = subprocess.run(["pkg-config", *words], env=settings, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    version = run("--version").stdout.split()[-1]
    assert ask("--modversion", "pve-plugin") == ask("--modversion", "pve-testing") == version
    (include,) = re.findall(r"-I(\S+)", ask("--cflags", "pve-testing"))
    assert (ROOT / include).samefile(installed / "include/pve-mcp")
    assert "-lpvetesting" in ask("--libs", "pve-testing")
    for variable, place in (
        ("plugindir", "lib/pve-mcp/plugins"), ("plugin_kit", "share/pve-mcp/PluginKit"), ("bindir", "bin"), ("libdir", "lib"),
        ("includedir", "include/pve-mcp"),
    ):
        assert (ROOT / ask(f"--variable={variable}", "pve-plugin")).samefile(installed / place), variable


@pytest.mark.parametrize("found_by", ["local.mk", "pkg-config"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_plugin_is_built_against_an_installation(installed, tmp_path, language, found_by):
    settings = author(tmp_path) | {"PKG_CONFIG_PATH": str(installed / "lib/pkgconfig")}
    done = run("plugin", "new", "my-tools", "--lang", language, "--directory", tmp_path, binary=installed / "bin/pve-mcp")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "my-tools"
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix in {".mk", ".swift"} or file.name == "Makefile":
            assert str(ROOT) not in file.read_text(), f"{file} leads back to the source tree"
    if found_by == "pkg-config":
        (folder / "local.mk").unlink()
    output = run_script("make\nmake test\nmake check\nmake demo", folder, settings)
    no_warnings(output)
    expect_lines(output, ["would be loaded", '"running":4,"total":12'])


def test_a_header_beside_the_makefile_comes_first(installed, tmp_path):
    settings = author(tmp_path)
    assert run(
        "plugin", "new", "x", "--directory", tmp_path, binary=installed / "bin/pve-mcp").returncode == 0
    folder = tmp_path / "x"
    assert '-I . ' in run_script("make", folder, settings)
    output = run_script("rm pve_*.h\nmake -B\nmake test", folder, settings)
    assert f'-I "{installed}/include/pve-mcp"' in output


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_plugin_is_built_with_the_compiler_alone(tmp_path, language):
    settings = author(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "pkg-config").write_text("#!/bin/sh\nexit 1\n")
    (tools / "pkg-config").chmod(0o755)
    settings["PATH"] = f"{tools}:{settings['PATH']}"
    assert run("plugin", "new", "x", "--lang", language, "--directory", tmp_path).returncode == 0
    run_script("rm local.mk\nmake\ntest -x libpve-x.so", tmp_path / "x", settings)


@pytest.mark.parametrize("compiler", ["rustc", "/usr/bin/rustc"])
def test_the_example_in_rust_is_built_by_each_compiler(tmp_path, compiler):
    folder = example(tmp_path, "hello-rust")
    output = run_script(f"make RUSTC={compiler} test", folder, author(tmp_path))
    no_warnings(output)
    expect_lines(output, ["4 passed; 0 failed"])


@pytest.mark.parametrize("compiler", ["rustc", "/usr/bin/rustc"])
def test_the_declarations_for_rust_lie_as_the_header_does(tmp_path, compiler):
    compiler = shutil.which(compiler, path=author(tmp_path)["PATH"])
    assert compiler, "scripts/packages names rustc"
    names = {"result": "Answer", "json": "JsonApi"}
    checks = []
    for kind, struct, rest in re.findall(
        r"^(SIZE|FIELD)\(pve_(\w+), (.*)\)$", (ROOT / "Sources/PluginABI/layout.h").read_text(), re.MULTILINE
    ):
        name = names.get(struct) or "".join(word.title() for word in struct.split("_"))
        if kind == "SIZE":
            checks.append(f"    assert_eq!(std::mem::size_of::<{name}>(), {rest}, \"{name}\");")
        else:
            field, offset = rest.split(", ")
            field = "kind" if field == "type" else field
            checks.append(f"    assert_eq!(offset!({name}, {field}), {offset}, \"{name}.{field}\");")
    assert len(checks) > 100
    source = tmp_path / "layout.rs"
    source.write_text(
        f'#[path = "{EXAMPLES / "hello-rust/pve_plugin.rs"}"]\nmod pve_plugin;\nuse pve_plugin::*;\n'
        "macro_rules! offset { ($type:ty, $field:ident) => {{ let it = std::mem::MaybeUninit::<$type>::uninit();\n"
        "    let base = it.as_ptr(); unsafe { std::ptr::addr_of!((*base).$field) as usize - base as usize } }} }\n"
        "fn main() {\n" + "\n".join(checks) + "\n}\n")
    settings = author(tmp_path)
    subprocess.run([compiler, "--edition", "2021", "-o", tmp_path / "layout", source], check=True, env=settings)
    subprocess.run([tmp_path / "layout"], check=True)


