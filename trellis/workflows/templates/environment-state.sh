pulumi login "$STATE"
pulumi install --cwd "@@project@@"
if pulumi stack select "pr-$NUMBER" --cwd "@@project@@"; then
  # Its file is kept nowhere: what encrypts its state comes out of the state. A stack in which
  # nothing was ever made has none, and is begun again.
  pulumi config refresh --force --cwd "@@project@@" --stack "pr-$NUMBER" || {
    pulumi stack rm --yes --cwd "@@project@@" --stack "pr-$NUMBER"
    pulumi stack init "pr-$NUMBER" --cwd "@@project@@" --secrets-provider "$STATE_KEY"
  }
else
  pulumi stack init "pr-$NUMBER" --cwd "@@project@@" --secrets-provider "$STATE_KEY"
fi
