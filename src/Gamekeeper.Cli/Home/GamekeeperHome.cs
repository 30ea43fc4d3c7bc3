namespace Gamekeeper.Cli.Home;

/// <summary>
/// The folder of one private installation: database, secrets, logs and the note of what runs. The folder itself stays readable, since
/// root's database runs as another user who has to get in; secrets have a folder of their own.
/// </summary>
internal sealed class GamekeeperHome
{
    /// <summary>Names the folder; the script sets it to <c>.gamekeeper</c> beside itself.</summary>
    public const string Variable = "GAMEKEEPER_HOME";

    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public GamekeeperHome(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    /// <summary>Everything of the private PostgreSQL.</summary>
    public string DatabaseFolder => In("database");

    public string SecretsFolder => In("secrets");

    public string LogFolder => In("log");

    /// <summary>What is kept outside of the database, unless the configuration names another folder.</summary>
    public string ObjectsFolder => In("objects");

    public string ServerLog => System.IO.Path.Combine(LogFolder, "server.log");

    /// <summary>What a detached <c>up</c> says.</summary>
    public string UpLog => System.IO.Path.Combine(LogFolder, "up.log");

    public string RunFile => In("run.json");

    /// <summary>Held by the one <c>up</c> of this folder for as long as it lives.</summary>
    public string UpLock => In("up.lock");

    public static GamekeeperHome Locate() =>
        new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : ".gamekeeper");

    /// <summary>Makes what is missing. What exists keeps the permissions somebody gave it.</summary>
    public void Create()
    {
        if (!Directory.Exists(Path))
        {
            Directory.CreateDirectory(Path);
            // Whatever the umask says: the database's user has to pass through. What is secret lies in folders that are closed.
            File.SetUnixFileMode(Path, Passable);
        }
        Directory.CreateDirectory(LogFolder);
        Directory.CreateDirectory(ObjectsFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
