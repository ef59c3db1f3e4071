for file in "@@project@@"/trellis.*.roles.json; do
  [ -e "$file" ] || continue
  stack=${file##*/trellis.}
  trellis roles "${stack%.roles.json}" --project "@@project@@" --diff
done
