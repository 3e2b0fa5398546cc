#!/bin/sh
# Puts the Python package into a folder, with the few lines by which pip and importlib know that it is there.
set -eu
to=$1
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' bindings/python/pyproject.toml)
requires=$(sed -n 's/^requires-python = "\(.*\)"$/\1/p' bindings/python/pyproject.toml)
install -d "$to/flxchannel" "$to/flxchannel-$version.dist-info"
install -m 644 bindings/python/flxchannel/*.py bindings/python/flxchannel/py.typed "$to/flxchannel/"
cat > "$to/flxchannel-$version.dist-info/METADATA" <<END
Metadata-Version: 2.1
Name: flxchannel
Version: $version
Summary: $(sed -n 's/^description = "\(.*\)"$/\1/p' bindings/python/pyproject.toml)
Requires-Python: $requires
END
echo flxchannel > "$to/flxchannel-$version.dist-info/top_level.txt"
