curl 'https://api.example/single'\''quote'
curl "https://api.example/double\"\$\`\\\n" -d "line \
joined"
curl https://api.example/ansi -d $'tab\tnl\nhex\x41oct\101u\u00e9U\U0001f600q\'ctl\cAend\z'
curl https://api.example/locale -d $"text"
curl https://api.example/adjacent/'a b'"c d"e\ f
curl https://api.example/variables/$NAME/${OTHER}x/"$QUOTED"'$NOT' -d "${DEFAULTED:-x} $(date) `id` $1 $"
curl https://api.example/question\?pretty\&a=1
curl https://api.example/heredoc --data-binary @- <<EOF
{"user": "$USER_NAME", "literal": "\$x", "it's": 1}
EOF
curl https://api.example/quoted-heredoc --data-binary @- <<-'EOF'
	{"user": "$USER_NAME"}
	EOF
curl https://api.example/herestring -d @- <<<"two
lines" 2>&1 >/dev/null
curl https://api.example/template -H 'X-Name: {{name}}' # a comment with 'a quote
$ curl https://api.example/prompt
