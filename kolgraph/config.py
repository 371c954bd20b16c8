"""Settings: the environment variables KOLGRAPH_*, read once by the command line and the app, passed down from there."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from kolgraph.workspace import Graph


class Settings(BaseSettings):
    """Every setting has a default that suits one person on a laptop."""

    model_config = SettingsConfigDict(env_prefix="KOLGRAPH_", extra="ignore")

    workspace: Path = Field(Path("workspace"), description="the folder that holds landscape, inbox, ledger and graph")
    home: Path | None = Field(None, description="the folder of all landscapes; empty = the one around the workspace")
    graph: str = Field("", description="bolt:// or neo4j:// address of a Neo4j server; empty = SQLite in the workspace")
    graph_user: str = Field("neo4j", description="user name on that server")
    graph_password: SecretStr = Field(SecretStr(""), description="password on that server")
    ncbi_api_key: SecretStr = Field(SecretStr(""), description="own E-utilities key: ten requests a second, not three")
    openalex_api_key: SecretStr = Field(SecretStr(""), description="free key of OpenAlex: a budget of $1 a day")
    ror_client_id: SecretStr = Field(SecretStr(""), description="free Client-Id of ROR: 2,000 requests in five minutes")
    orcid_token: SecretStr = Field(SecretStr(""), description="token of ORCID; it also switches that source on")
    base_urls: dict[str, str] = Field({}, description="source -> another server that speaks its protocol, as JSON")
    contact: str = Field("", description="e-mail address that polite services like to know")
    user: str = Field("me", description="whose name the ledger writes beside a decision")
    trusted_hosts: list[str] = Field([], description="host names under which a proxy serves the app")
    behind_proxy: bool = Field(False, description="a proxy that ends TLS stands before the app")

    def keys(self) -> dict[str, str]:
        """The user's own key for each source that has one."""
        held = {
            "pubmed": self.ncbi_api_key,
            "openalex": self.openalex_api_key,
            "ror": self.ror_client_id,
            "orcid": self.orcid_token,
        }
        return {source: key for source, secret in held.items() if (key := secret.get_secret_value())}

    def store(self) -> Graph:
        """Where the graph lives."""
        return Graph(self.graph, self.graph_user, self.graph_password.get_secret_value())
