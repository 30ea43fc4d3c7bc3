using Gamekeeper.Accounts.ForeignPasswords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Accounts;

/// <summary>
/// Hashes and checks passwords with the framework's hasher, as many at once as there are processors: a wave of sign-ins queues here
/// instead of starving everything else. Thread-safe; one per process.
/// </summary>
public sealed class Passwords : IDisposable
{
    /// <summary>The shortest password.</summary>
    public const int MinLength = 8;

    /// <summary>The longest password.</summary>
    public const int MaxLength = 256;

    // The hasher's type parameter is a marker for the caller's user class; it is never looked at.
    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> _hasher;
    // Some of what came from elsewhere takes up to 256 MiB to check; two of those at once, however many processors there are.
    private const long MuchMemory = 16 * 1024 * 1024;

    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount);
    private readonly SemaphoreSlim _largeSlots = new(2);
    private readonly Lazy<string> _nobodysHash;

    public Passwords(IOptions<AccountOptions> options)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        _nobodysHash = new(() => _hasher.HashPassword(Nobody, "nobody has this password"));
    }

    /// <summary>What is wrong with a new password; null when nothing is.</summary>
    public static FieldError? Problem(string? password, string field = "password") =>
        password is null or { Length: < MinLength or > MaxLength }
            ? new(field, $"takes {MinLength} to {MaxLength} characters")
            : null;

    /// <summary>A salted hash, to be stored.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => _hasher.HashPassword(Nobody, password), cancellationToken);

    /// <summary>
    /// Checks a password. Where there is no hash (nobody of that name, or an account without a password) the same work is done for
    /// nothing, so that the time of the answer does not tell which names exist.
    /// </summary>
    internal async Task<PasswordVerdict> VerifyAsync(StoredPassword? stored, string password, CancellationToken cancellationToken)
    {
        if (password.Length > MaxLength)
            password = password[..MaxLength] + "…";
        var hash = stored is { IsForeign: false } ? stored.Text : _nobodysHash.Value;
        var own = RunAsync(() => _hasher.VerifyHashedPassword(Nobody, hash, password), cancellationToken);
        if (stored is { IsForeign: true })
        {
            // Side by side, so that a former system's weak hash answers no sooner than one of ours, or than none.
            var fits = MatchesForeignAsync(stored.Text, password, cancellationToken);
            await Task.WhenAll(own, fits);
            return await fits ? PasswordVerdict.RightButWeak : PasswordVerdict.Wrong;
        }
        var found = await own;
        return stored is null || found == PasswordVerificationResult.Failed ? PasswordVerdict.Wrong
            : found == PasswordVerificationResult.SuccessRehashNeeded ? PasswordVerdict.RightButWeak
            : PasswordVerdict.Right;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _slots.Dispose();
        _largeSlots.Dispose();
    }

    // A text that cannot be read was not let in by an import; whoever put it there finds that no password fits.
    private async Task<bool> MatchesForeignAsync(string text, string password, CancellationToken cancellationToken)
    {
        if (ForeignPassword.Parse(text, out _) is not { } hash)
            return false;
        if (hash.MemoryBytes < MuchMemory)
            return await RunAsync(() => hash.Matches(password), cancellationToken);
        await _largeSlots.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(() => hash.Matches(password), cancellationToken);
        }
        finally
        {
            _largeSlots.Release();
        }
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }
}

/// <summary>What a check of a password found.</summary>
public enum PasswordVerdict
{
    /// <summary>Not the password.</summary>
    Wrong,

    /// <summary>The password.</summary>
    Right,

    /// <summary>The password, under a hash that is weaker than today's and should be renewed.</summary>
    RightButWeak,
}

/// <summary>What is stored of a password.</summary>
/// <param name="Text">The hash.</param>
/// <param name="IsForeign">Made by the system that the account came from.</param>
internal sealed record StoredPassword(string Text, bool IsForeign)
{
    /// <summary>Without the hash.</summary>
    public override string ToString() => IsForeign ? "StoredPassword (foreign)" : "StoredPassword";
}
