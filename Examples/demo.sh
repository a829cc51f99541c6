#!/usr/bin/env bash
# Compares three pairs of networks, showing each command as typed, its answer and its exit code.
# Exits 0 only if all three answers are the right ones.
set -uo pipefail

crease=${1:?usage: demo.sh path/to/crease}
case "$crease" in /*) ;; *) crease=$PWD/$crease ;; esac
cd "$(dirname "$0")/.." || exit 1

wrong=0

# compare EXPECTED-EXIT-CODE WORD A B WHAT
compare() {
  local expected=$1 word=$2 a=$3 b=$4 what=$5 answer code
  printf '\n# %s\n$ crease compare %s %s\n' "$what" "$a" "$b"
  answer=$("$crease" compare "$a" "$b" < /dev/null)
  code=$?
  printf '%s\n[exit code %d]\n' "$answer" "$code"
  if [ "$code" -ne "$expected" ] || ! grep -qi -- "$word" <<< "$answer"; then
    printf 'expected the word "%s" and exit code %d\n' "$word" "$expected"
    wrong=1
  fi
}

original=Examples/acasxu_1_1.onnx
disguised=Examples/acasxu_1_1_disguised.onnx
changed=Examples/acasxu_1_1_one_weight.onnx

compare 0 identical "$original" "$disguised" "the same network in disguise: 300 hidden neurons became 412"
compare 1 different "$original" "$changed" "one weight of 13 305 changed by a thousandth, then shuffled and rescaled"
compare 1 different "$disguised" "$changed" "the disguise against the changed network"

echo
if [ "$wrong" -eq 0 ]; then
  echo "all three answers are right"
else
  echo "an answer is wrong"
fi
exit "$wrong"
