// What the controller reads of its EEPROM by itself, behind power-up and RST#, bit by bit (DS 4.2.1.1.3, 4.5). Until it has, it
// answers configuration cycles with Retry.
#pragma once

#include "nic/eeprom/eeprom_image.h"
#include "nic/eeprom/serial_eeprom.h"
#include "nicteam/base/time.h"

namespace nicteam::nic {

// Reads address, identity and subsystem words at the EEPROM's pins, from `from` on, with levels of `half_clock`; nobody else drives them
// meanwhile.
struct loaded_eeprom {
    ps done;
    eeprom_image words;                // those that were not read are 0
};
loaded_eeprom load_eeprom(serial_eeprom&, ps from, ps half_clock);

}  // namespace nicteam::nic
