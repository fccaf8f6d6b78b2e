curl ^"https://api.example/items?a=1^&b=%20^" ^
  -H ^"accept: application/json^" ^
  -H ^"authorization: Bearer SECRET-windows^" ^
  --data-raw ^"^{^\^"name^\^":^\^"a ^^ b^\^"^}^" &
curl "https://api.example/plain" --data "say ""hi"" now" ^
  --compressed
