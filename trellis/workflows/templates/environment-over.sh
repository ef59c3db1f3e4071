pulumi login "$STATE"
pulumi install --cwd "@@project@@"
cd "@@project@@"
bucket=${STATE#s3://}
project=$(python -c 'import yaml; print(yaml.safe_load(open("Pulumi.yaml"))["name"])')
# The role may read no other stack's state, so the names come from the bucket's list.
list='import boto3, sys
pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=sys.argv[1], Prefix=sys.argv[2])
for page in pages:
    for entry in page.get("Contents", ()):
        print(entry["Key"])'
python -c "$list" "${bucket%%\?*}" ".pulumi/stacks/$project/pr-" > "$WORK/listed"
sed -nE 's#^.*/(pr-[0-9]+)\.json(\.zst|\.gz)?$#\1#p' "$WORK/listed" > "$WORK/there"
if [ -n "$NUMBER" ]; then
  grep -Fx "pr-$NUMBER" "$WORK/there" > "$WORK/over" || true
else
  mkdir "$WORK/states"
  while read -r stack; do
    pulumi stack export --stack "$stack" < /dev/null > "$WORK/states/$stack.json"
  done < "$WORK/there"
  : > "$WORK/over"
  if [ -s "$WORK/there" ]; then
    trellis expired --state "$WORK"/states/*.json > "$WORK/over"
  fi
fi
code=0
destroyed=""
while read -r stack; do
  if pulumi config refresh --force --stack "$stack" < /dev/null \
    && pulumi destroy --yes --non-interactive --refresh --remove --stack "$stack" < /dev/null
  then
    destroyed="$destroyed ${stack#pr-}"
  else
    echo "$stack stands still: destroy it by hand, or run this again" >&2
    code=1
  fi
done < "$WORK/over"
