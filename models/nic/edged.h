#pragma once

#include "nicteam/base/edged.h"
