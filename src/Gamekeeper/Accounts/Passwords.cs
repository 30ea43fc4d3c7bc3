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
    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount);
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
    public async Task<PasswordVerdict> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        if (password.Length > MaxLength)
            password = password[..MaxLength] + "…";
        var found = await RunAsync(
            () => _hasher.VerifyHashedPassword(Nobody, hash ?? _nobodysHash.Value, password),
            cancellationToken
        );
        return hash is null || found == PasswordVerificationResult.Failed ? PasswordVerdict.Wrong
            : found == PasswordVerificationResult.SuccessRehashNeeded ? PasswordVerdict.RightButWeak
            : PasswordVerdict.Right;
    }

    /// <inheritdoc />
    public void Dispose() => _slots.Dispose();

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
