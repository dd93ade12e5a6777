"""A scripted shift: 200 contacts over all channels, each brought to its end by the people whose work it is."""
