#!/usr/bin/env bash
# Every option that changes the request.

curl https://api.example/plain

curl -sSLX POST https://api.example/bundle -o out.json --max-redirs 3 -m 2.5 -k

curl --location-trusted --no-location -I example.com/head

curl --request wHat --url https://api.example/url-option -H 'Accept:' -H 'X-Empty;' -H 'X-Colon:a:b' \
  -H 'Host: api.example' -H 'Connection: keep-alive' -A agent -e 'https://from.example;auto' -r 0-99 --compressed

curl -G https://api.example/get?a=1 -d b=2 --data-urlencode 'c=x y&z' --url-query 'd=e f' --url-query +raw=%20

curl https://api.example/one https://api.example/two/ -T file.bin -T other.bin --next -X DELETE https://api.example/three

curl 'https://api.example/[1-3]/{a,b}'
curl -g 'https://api.example/[1-3]/{a,b}'
curl 'https://[::1]:8080/?item[]=1'
curl https://api.example/own-host -H 'Host: other.example'

curl --sil --frobnicate -x http://proxy.example:8080 --cert me.pem -b cookies.txt -H @headers.txt https://api.example/left-out
curl -X
echo done; curl https://api.example/piped#fragment | jq . && curl https://api.example/after &
