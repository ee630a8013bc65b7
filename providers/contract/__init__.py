"""What the gallery may know of a photo service: its verbs, its entities and its errors."""
