curl -u ann:SECRET-password https://api.example/basic
curl -u ann https://api.example/asked
curl -u :SECRET-password https://api.example/no-user
curl --digest -u 'ann:SECRET:with:colons' https://api.example/digest
curl --ntlm -u 'DOMAIN\ann:SECRET-ntlm' https://api.example/ntlm
curl --negotiate -u : https://api.example/negotiate
curl --anyauth -u ann:SECRET-any https://api.example/any
curl --oauth2-bearer SECRET-token https://api.example/bearer
curl --aws-sigv4 aws:amz:eu-west-1:s3 -u AKIA-KEY:SECRET-aws https://bucket.example/aws
curl --aws-sigv4 aws:amz -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" https://execute-api.eu-west-1.amazonaws.com/host
curl -H 'Authorization: Bearer SECRET-header' -u ann:SECRET-unused https://api.example/header-wins
curl -H "X-Api-Key: SECRET-key" -H "Authorization: token $GITHUB_TOKEN" https://api.example/headers
curl -b 'session=SECRET-one; theme=SECRET-two' https://api.example/cookie
curl --cookie "sid=$SESSION_ID" --cookie b=SECRET-three https://api.example/cookies
curl 'https://ann:SECRET-userinfo@api.example/userinfo?api_key=SECRET-query&page=1'
curl -u '{{vault:user}}:{{vault:password}}' -H 'X-Token: {{vault:token}}' https://api.example/handles
