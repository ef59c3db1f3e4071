mkdir -p report
printf '%s\n' "$NUMBER" > report/number
trellis environment "pr-$NUMBER" --like "@@like@@" --project "@@project@@" --days @@days@@ \
  --comment report/comment.md
trellis lookup "pr-$NUMBER" --project "@@project@@"
pulumi up --yes --non-interactive --refresh --cwd "@@project@@" --stack "pr-$NUMBER" \
  --policy-pack "$ROOT/@@policies@@"
pulumi stack output --json --cwd "@@project@@" --stack "pr-$NUMBER" > report/outputs.json
