#!/bin/sh
migrate -path /src/migrations -database "$DATABASE_URL" up
exec catalog
