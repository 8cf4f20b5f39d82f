"""The touch screen in the hall: its settings, its QR codes, the age of its index, and what it says in trouble."""
