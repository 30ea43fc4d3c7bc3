using System.Reflection;

namespace Gamekeeper.Migrations;

/// <summary>Where the numbered SQL files of one schema are embedded.</summary>
internal sealed record MigrationSource(string Schema, Assembly Assembly, string ResourceFolder);
