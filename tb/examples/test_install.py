"""cmake --install into an empty prefix; the examples build against what is there and run, and so does the installed command."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, EXAMPLES = pathlib.Path(os.environ["NICTEAM_BUILD_DIR"]), pathlib.Path(__file__).resolve().parent
ROOMS = os.environ["NICTEAM_ROOMS"].split(",")
OPTIONS = [f"-D{name}={os.environ[name]}" for name in ("CMAKE_CXX_COMPILER", "CMAKE_CXX_FLAGS", "CMAKE_EXE_LINKER_FLAGS", "CMAKE_BUILD_TYPE")]


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)


class install_test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="nicteam-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "prefix"
        done = run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        assert done.returncode == 0, done.stdout + done.stderr

    def build(self, source, name):
        build = self.folder / name
        for command in (["-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", *OPTIONS], ["--build", build]):
            done = run("cmake", *command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return build

    def test_the_example_with_its_own_bus_sends_a_frame(self):
        source = shutil.copytree(EXAMPLES / "own_bus", self.folder / "own_bus")      # nothing of the tree is near
        program = self.build(source, "own_bus_build") / "own_bus"
        done = run(program, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        line = re.search(r"(\d+) ps  wire: first octet; last at (\d+) ps; 118 octets with FCS, FCS good, octets as sent", done.stdout)
        self.assertTrue(line, done.stdout)
        self.assertEqual(int(line[2]) - int(line[1]), (8 + 118 - 1) * 80_000)        # 100 Mb/s, preamble included

    def test_every_room_is_a_target_and_every_header_stands_alone(self):
        headers = sorted(p.relative_to(self.prefix / "include") for p in (self.prefix / "include").rglob("*.h"))
        self.assertGreater(len(headers), 50)
        source = self.folder / "all_rooms"
        source.mkdir()
        (source / "main.cpp").write_text("".join(f'#include "{h}"\n' for h in headers) + "int sc_main(int, char**) { return 0; }\n")
        (source / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(all_rooms LANGUAGES CXX)\nfind_package(nicteam REQUIRED)\n"
            "add_executable(all_rooms main.cpp)\ntarget_link_libraries(all_rooms PRIVATE " + " ".join(f"nicteam::{r}" for r in ROOMS) + ")\n")
        self.build(source, "all_rooms_build")

    def test_the_command_finds_what_was_installed_with_it(self):
        nicteam = self.prefix / "bin/nicteam"
        listed = run(nicteam, "list", cwd=self.folder)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn(str(self.prefix), listed.stdout)
        done = run(nicteam, "run", "quickstart", "--until", "2 ms", cwd=self.folder)    # extends a part, replays a capture
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertTrue((self.folder / "out/quickstart/result.json").exists())

    def test_a_prefix_may_be_moved_and_a_lone_copy_names_no_place_of_the_build(self):
        moved = shutil.copytree(self.prefix, self.folder / "moved")
        listed = run(moved / "bin/nicteam", "list", cwd="/")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn(str(moved), listed.stdout)
        (self.folder / "scenarios").mkdir(exist_ok=True)                # of somebody else: what was installed comes first
        self.assertEqual(run(moved / "bin/nicteam", "list", cwd=self.folder).stdout, listed.stdout)
        (self.folder / "scenarios").rmdir()
        lone = shutil.copy(self.prefix / "bin/nicteam", self.folder / "lone")
        done = run(lone, "list", cwd="/")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("no scenarios", done.stderr)
        self.assertNotIn(str(EXAMPLES.parent.parent) + "/scenarios", pathlib.Path(lone).read_bytes().decode("latin-1"))

    def test_schema_and_completion_are_installed(self):
        for name in ("nicteam/scenario.schema.json", "bash-completion/completions/nicteam", "zsh/site-functions/_nicteam",
                     "fish/vendor_completions.d/nicteam.fish"):
            self.assertTrue((self.prefix / "share" / name).stat().st_size > 0, name)

    def test_nothing_installed_names_the_place_where_it_was_built(self):
        for path in (self.prefix / "lib").rglob("*.cmake"):
            text = path.read_text()
            self.assertNotIn(str(BUILD), text, path)
            self.assertNotIn(str(EXAMPLES.parent.parent), text, path)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
