namespace Gamekeeper.Importing;

/// <summary>What a kind of record has to say for itself so that an <see cref="ImportCourse{TRecord}"/> can lead through files of it.</summary>
/// <typeparam name="TRecord">A record that was read and found well formed.</typeparam>
public interface IImportTarget<TRecord>
{
    /// <summary>Every member that a record may have.</summary>
    IReadOnlyCollection<string> Members { get; }

    /// <summary>Lines of one transaction of an import that is begun now.</summary>
    int ChunkLines { get; }

    /// <summary>Reads a record; what it returns counts only when <see cref="RecordReader.IsGood"/> still holds.</summary>
    TRecord Read(RecordReader record);

    /// <summary>What no two records share, as (member, value in its normal form).</summary>
    IEnumerable<(string Member, string Key)> Keys(TRecord record);

    /// <summary>Begins the import, or finds it begun. Safe to repeat.</summary>
    Task<ImportState> BeginAsync(ImportName name, ImportFile file, CancellationToken cancellationToken);

    /// <summary>Which of the records clash with what is there or lean on what is not. Changes nothing.</summary>
    Task<IReadOnlyList<ImportRefusal>> CheckAsync(IReadOnlyList<Numbered<TRecord>> records, CancellationToken cancellationToken);

    /// <summary>Does one chunk, once however often it is called.</summary>
    Task<ImportStep> WriteAsync(ImportState state, ImportChunk chunk, IReadOnlyList<Numbered<TRecord>> records, CancellationToken cancellationToken);

    /// <summary>Marks the import as finished. Safe to repeat.</summary>
    Task<ImportState> FinishAsync(ImportState state, CancellationToken cancellationToken);
}

/// <summary>A record and the line it stands on.</summary>
public sealed record Numbered<TRecord>(long Line, TRecord Record);
