#!version:1.0.0.1
# What every phone of the house reads, then what is this one's alone
include:config "y000000000066.cfg"
include:config "02aabbccddee.cfg"
overwrite_mode = 1
