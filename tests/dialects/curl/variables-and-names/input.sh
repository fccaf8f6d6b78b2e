#!/bin/sh
# @collection Orders of the shop
# Kept by the shop team.

BASE_URL=https://api.example
API_TOKEN='SECRET-variable'
export REGION="eu-$ZONE" PASSWORD=SECRET-exported
set -euo pipefail

# @folder Orders
# @folder Open / new
# @name List open orders
# Those of today only.
curl "$BASE_URL/orders?region=$REGION" -H "Authorization: Bearer $API_TOKEN"

# A comment that is a description

curl "$BASE_URL/orders"
# Not above the next command

# https://example.com/issues/1
curl "$BASE_URL/orders"
# @name
curl "$BASE_URL/unnamed"
