#!/bin/sh
# Installs the browser that the tests marked `browser` drive (Debian, Ubuntu).
set -eu

for each in chromium chromium-browser google-chrome; do
    ! command -v "$each" >/dev/null 2>&1 || exit 0
done

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium
