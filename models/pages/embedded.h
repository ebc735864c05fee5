// What is written into pages: made at build time from scripts/, style.css and third_party/echarts (CMakeLists.txt).
#pragma once

namespace nicteam::pages {

extern const char* const charts_library;  // Apache ECharts
extern const char* const charts_style;
extern const char* const sweep_script;
extern const char* const comparison_script;
extern const char* const run_script;

}  // namespace nicteam::pages
