#!/usr/bin/env bash
# A call with a key, and what a stranger is told.
set -euo pipefail
: "${BASE_URL:?the base URL that npm start printed}" "${AGENT_KEY:?an agent key}" "${PAID_URL:?a route that strangers may pay for}"

curl -sS -i "$BASE_URL/v1/chat/completions" \
  -H "Authorization: Bearer $AGENT_KEY" -H 'Content-Type: application/json' \
  -d '{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"hello"}]}'

printf '\n\n'
curl -sS -i "$PAID_URL"
