export AWS_WEB_IDENTITY_TOKEN_FILE="$(mktemp)"
printf '%s' "$AWS_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
export AWS_ROLE_ARN="$ROLE" AWS_ROLE_SESSION_NAME="gitlab-$CI_PIPELINE_ID" AWS_REGION="$TRELLIS_REGION"
# The right role in another account is the wrong one.
case "$AWS_ROLE_ARN" in
  arn:aws*:iam::"$TRELLIS_ACCOUNT":role/?*) ;;
  *) echo "the role is not of TRELLIS_ACCOUNT: $AWS_ROLE_ARN" >&2; exit 1 ;;
esac
