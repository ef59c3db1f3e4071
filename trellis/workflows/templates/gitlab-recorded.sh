# Images that were recorded since this commit stay, if the branch got nothing else since.
file="@@project@@/Pulumi.@@stack@@.yaml"
git fetch --quiet --depth 100 origin "@@branch@@"
since=$(git log --format=%s HEAD..FETCH_HEAD)
if [ -n "$since" ] && ! grep --quiet --invert-match --extended-regexp \
    '^[a-z0-9-]+ is sha256:[0-9a-f]{64}$' <<< "$since"; then
  git checkout --quiet FETCH_HEAD -- "$file"
fi
