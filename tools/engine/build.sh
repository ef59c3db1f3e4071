#!/usr/bin/env bash
# Puts the Pulumi CLI at the given path: a link to the one on PATH, or one built from its Go module.
set -euo pipefail

target=${1:?usage: tools/engine/build.sh TARGET}
module=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 ||p' "$module/go.mod")
mkdir -p "$(dirname "$target")"
target=$(cd "$(dirname "$target")" && pwd)/$(basename "$target")

if found=$(command -v pulumi); then
    ln -sfn "$found" "$target"
    echo "engine: $("$target" version) from $found"
    exit 0
fi
if ! command -v go >/dev/null; then
    echo "engine: neither pulumi nor go is on PATH." >&2
    echo "Install the Pulumi CLI ($version or later), or Go $(sed -n 's/^go //p' "$module/go.mod")" \
        "or later to build it here; nothing but the engine tests needs either." >&2
    exit 1
fi

echo "engine: building the Pulumi CLI $version from its Go module (5 to 10 minutes the first time)"
started=$SECONDS
(
    cd "$module"
    go build -p "${ENGINE_BUILD_JOBS:-2}" -trimpath \
        -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version" \
        -o "$target" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
)
echo "engine: $("$target" version) built in $((SECONDS - started)) s"
