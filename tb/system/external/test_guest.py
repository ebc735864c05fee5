print("SKIPPED")
raise SystemExit(77)
