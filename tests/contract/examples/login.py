import requests

# Login
response = requests.post('http://localhost:8000/api/v2/auth/login', json={
    'email': 'user@example.com',
    'password': 'password123',
    'device_id': 'DEVICE_ABC123',
    'device_name': 'My Computer'
})

data = response.json()
session_token = data['session_token']
entitlement_token = data['entitlement_token']

# Get license info
headers = {'Authorization': f'Bearer {session_token}'}
license_response = requests.get(
    'http://localhost:8000/api/v2/license/info',
    headers=headers
)
