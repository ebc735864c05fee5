"""A scenario's own EEPROM: found from where it is named, kept with the results, refused with line and reason."""
import re
import unittest

import command

WORDS = ["AA00", "1200", "5634"] + ["0000"] * 60


def image(words=WORDS):
    total = sum(int(w, 16) for w in words)
    return "# of a board\n" + " ".join(words) + f"\n{(0xBABA - total) & 0xFFFF:04X}  # checksum\n"


class eeprom(command.scenario_test):
    def scenario(self, text):
        boards = self.folder / "boards"
        boards.mkdir(exist_ok=True)
        (boards / "card.hex").write_text(text)
        self.write("boards/base.toml", 'extends = "parts/one-nic.toml"\n[[nic]]\nname = "nic0"\neeprom = "card.hex"\n')
        return self.write("mine.toml", 'extends = "boards/base.toml"\nduration = "1 ms"\n')

    def test_is_read_from_beside_the_file_that_names_it_and_kept(self):
        made = self.run_scenario(self.scenario(image()), status=0)
        self.assertEqual((made.directory / "inputs" / "card.hex").read_text(), image())
        again = self.run_scenario(made.directory / "config.resolved.toml", status=0)
        self.assertEqual(made.result(), again.result())

    def test_what_is_no_image_is_an_error_at_its_key(self):
        for text, why in ((image(WORDS[:-1]), "64 or 256 words of 16 bits, the file has 63"), (image().replace("5634", "56G4"), 'line 2: "56G4" is no word'),
                          (image(["AA01"] + WORDS[1:]), "group address")):
            with self.subTest(why):
                made = self.run_scenario(self.scenario(text), status=2)
                self.assertRegex(made.stderr, r"base\.toml:4:10: error: nic\.eeprom = .*" + re.escape(why))
        self.folder.joinpath("boards/card.hex").unlink()
        made = self.run_scenario(self.folder / "mine.toml", status=2)
        self.assertIn("No such file or directory", made.stderr)


if __name__ == "__main__":
    unittest.main()
