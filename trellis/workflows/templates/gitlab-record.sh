git fetch --quiet --depth 1 origin "@@branch@@"
git checkout --quiet --force --detach FETCH_HEAD
for folder in stacks/*; do
  stack=${folder##*/} digest=$(cat "$folder/digest")
  name="Pulumi.$stack.yaml"
  if [ "$(git rev-parse "HEAD:./@@project@@/$name")" != "$(cat "$folder/former")" ]; then
    echo "$name was changed meanwhile: $digest is deployed and not written down" >&2
    exit 1
  fi
  grep --quiet --fixed-strings "$digest" "$folder/$name"
  cp "$folder/$name" "@@project@@/$name"
  git add "@@project@@/$name"
done
if ! git diff --cached --quiet; then
  git -c user.name="$GITLAB_USER_NAME" -c user.email="$GITLAB_USER_EMAIL" \
    commit --quiet --message "@@service@@ is $digest"
  # Refused where the branch takes no pushes of a job's token, or went on meanwhile.
  git -c credential.helper='!f() { echo username=gitlab-ci-token; echo "password=$CI_JOB_TOKEN"; }; f' \
    push --quiet --push-option ci.skip "$CI_PROJECT_URL.git" "HEAD:refs/heads/@@branch@@"
fi
