# The app for a team; compose.yaml puts it beside a Neo4j server.
FROM python:3.13-slim
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY kolgraph kolgraph
COPY loaders loaders
COPY queries queries
RUN pip install --no-cache-dir ".[neo4j]" && rm -rf /src/* \
    && useradd --create-home kolgraph && install -d -o kolgraph /workspace
USER kolgraph
WORKDIR /home/kolgraph
ENV KOLGRAPH_WORKSPACE=/workspace KOLGRAPH_HOME=/workspace/landscapes
VOLUME /workspace
EXPOSE 8050
ENTRYPOINT ["kolgraph"]
CMD ["serve", "--host", "0.0.0.0"]
