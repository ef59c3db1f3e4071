# Pushes the archive as it is, and verifies the very bytes that the registry serves by that digest.
registry="$TRELLIS_ACCOUNT.dkr.ecr.$TRELLIS_REGION.amazonaws.com"
repository=$(trellis plan "@@stack@@" --project "@@project@@" --json | python -c 'import json, sys
names = {one["name"]: one["inputs"]["name"] for one in json.load(sys.stdin)["resources"]
         if one["type"] == "aws:ecr/repository:Repository"}
print(names.get(sys.argv[1]) or sys.exit(f"no repository {sys.argv[1]} in the plan"))' "@@service@@")
image="$registry/$repository"
export DOCKER_CONFIG="$(mktemp -d)"
python -c 'import base64, boto3, sys
told = boto3.client("ecr", region_name=sys.argv[1]).get_authorization_token()
print(base64.b64decode(told["authorizationData"][0]["authorizationToken"]).decode().partition(":")[2])' \
  "$TRELLIS_REGION" | crane auth login "$registry" --username AWS --password-stdin
layout="$(mktemp -d)"
tar -xf image/image.tar -C "$layout"
# A job that is run again finds it there, under a tag that may not move.
crane manifest "$image@$DIGEST" > /dev/null 2>&1 || crane push "$layout" "$image:$CI_COMMIT_SHA"
crane manifest "$image@$DIGEST" > served.json
cmp manifest.json served.json
cosign verify-blob-attestation served.json --bundle image/attested.json --type spdxjson \
  --certificate-oidc-issuer "$CI_SERVER_URL" \
  --certificate-identity "$CI_PROJECT_URL//.gitlab-ci.yml@refs/heads/@@branch@@"
