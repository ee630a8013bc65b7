"""How dates are ordered, where Django's own way is not ours (read by Django: FORMAT_MODULE_PATH)."""
