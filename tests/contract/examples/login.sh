# Login
curl -X POST http://localhost:8000/api/v2/auth/login \
  -H "Content-Type: application/json" \
  -d '{
    "email": "user@example.com",
    "password": "password123",
    "device_id": "DEVICE_ABC123",
    "device_name": "My Computer"
  }'

# Use session token for authenticated requests
curl -X GET http://localhost:8000/api/v2/license/info \
  -H "Authorization: Bearer <session_token>"
