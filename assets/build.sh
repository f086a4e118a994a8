#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes what browsers load. Called by meson:  build.sh css OUTPUT    build.sh js OUTPUT FILE...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
what=$1 output=$2
shift 2
case $what in
css)
	sass=$here/node_modules/.bin/sass
	if ! command -v node >/dev/null; then
		echo "assets: node is missing (Debian: apt-get install nodejs npm)" >&2
		exit 1
	fi
	if [ ! -x "$sass" ]; then
		echo "assets: the style sheet's packages are missing: run  npm ci --ignore-scripts  in assets/" >&2
		exit 1
	fi
	"$sass" --no-source-map --style=compressed --quiet-deps \
		--load-path="$here/node_modules/@uswds/uswds/packages" "$here/css/app.scss" "$output"
	if grep -q 'url(' "$output"; then
		echo "assets: the style sheet asks for files that are not there:" >&2
		grep -o 'url([^)]*)' "$output" | sort -u >&2
		exit 1
	fi
	;;
js)
	# Comments and indentation stay at home.
	for file in "$@"; do
		sed -e '/^\/\*/,/\*\/$/d' -e 's/^[[:space:]]*//' "$file"
	done >"$output"
	;;
esac
