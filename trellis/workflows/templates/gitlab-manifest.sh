# The archive's one manifest, whose bytes are what is signed; its digest is the image's.
DIGEST=$(python - <<'PROGRAM'
import hashlib, json, sys, tarfile

with tarfile.open("image/image.tar") as archive:
    def read(name):
        return archive.extractfile(name).read()

    listed = json.loads(read("index.json"))["manifests"]
    if len(listed) != 1:
        sys.exit(f"image/image.tar holds {len(listed)} manifests, not one")
    digits = listed[0]["digest"].removeprefix("sha256:")
    manifest = read(f"blobs/sha256/{digits}")
if hashlib.sha256(manifest).hexdigest() != digits:
    sys.exit("image/image.tar holds another manifest than it says")
if "layers" not in json.loads(manifest):
    sys.exit("image/image.tar holds no image of one platform")
with open("manifest.json", "wb") as file:
    file.write(manifest)
print(f"sha256:{digits}")
PROGRAM
)
export DIGEST
