#!version:1.0.0.1
include:config "common.cfg"
include:config <$MAC.cfg>
[T46S,T48S]include:config "t4.cfg"
[T23G]
specific_model.excluded_mode = 1
overwrite_mode = 1
