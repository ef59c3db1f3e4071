# Images that were recorded since this commit stay, if the branch got nothing else since.
file="@@project@@/Pulumi.@@stack@@.yaml"
newest=$(gh api "repos/$GITHUB_REPOSITORY/compare/$GITHUB_SHA...@@branch@@" --jq '.commits
  | select(length > 0 and all(.[]; .author.login == "github-actions[bot]"
      and .commit.verification.verified
      and (.commit.message | test("^[a-z0-9-]+ in [^ ]+ is sha256:[0-9a-f]{64}$"))))
  | .[-1].sha')
if [ -n "$newest" ]; then
  gh api --header "Accept: application/vnd.github.raw+json" \
    "repos/$GITHUB_REPOSITORY/contents/${file#./}?ref=$newest" > "$file"
fi
