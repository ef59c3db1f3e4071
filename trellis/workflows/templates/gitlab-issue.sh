if [ -n "${TRELLIS_ISSUES_TOKEN:-}" ] && [ -s "report/$STACK/issue.md" ]; then
  issues="$CI_API_V4_URL/projects/$CI_PROJECT_ID/issues" label="trellis-drift-$STACK"
  # The token stands in no argument, which other processes would see.
  ask() { printf 'header = "PRIVATE-TOKEN: %s"\n' "$TRELLIS_ISSUES_TOKEN" | curl --fail --silent --show-error --config - "$@"; }
  mine=$(ask --get "$issues" --data-urlencode "labels=$label" --data state=opened | python -c 'import json, sys; print(*(one["iid"] for one in json.load(sys.stdin)[:1]))')
  body="description@report/$STACK/issue.md"
  if [ "$code" = 1 ] && [ -n "$mine" ]; then
    ask --request PUT "$issues/$mine" --data-urlencode "$body" > /dev/null
  elif [ "$code" = 1 ]; then
    ask "$issues" --data-urlencode "title=Drift: $STACK" --data-urlencode "labels=$label" --data-urlencode "$body" > /dev/null
  elif [ -n "$mine" ] && { [ "$code" = 0 ] || [ "$code" = 4 ]; }; then
    ask --request PUT "$issues/$mine" --data-urlencode "$body" --data state_event=close > /dev/null
  fi
fi
