#!/usr/bin/env bash
# A call with a key, and what a stranger is told.
set -euo pipefail

file="${TOLLWRIGHT_HOME:-$(dirname "$0")/../.tollwright}/local.json"
local_value() { node -p "JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8')).$1" "$file"; }
BASE_URL="${BASE_URL:-$(local_value api.baseUrl)}"
AGENT_KEY="${AGENT_KEY:-$(local_value agentKey)}"
PAID_URL="${PAID_URL:-$(local_value paidUrl)}"

curl -sS -i "$BASE_URL/v1/chat/completions" \
  -H "Authorization: Bearer $AGENT_KEY" -H 'Content-Type: application/json' \
  -d '{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"hello"}]}'

printf '\n\n'
curl -sS -i "$PAID_URL"
