using Gamekeeper.Caching;
using Gamekeeper.Paging;
using Gamekeeper.SummonersGrid.Caching;
using Gamekeeper.Transactions;
using Npgsql;

namespace Gamekeeper.SummonersGrid.Cards;

/// <summary>What to look for among the templates; every part that is given must hold.</summary>
/// <param name="Text">Words in name or flavour text, in English stems; null for all. At most 200 characters.</param>
/// <param name="Type">Exact type; null for all.</param>
/// <param name="Rarity">Exact rarity; null for all.</param>
public sealed record TemplateQuestion(string? Text = null, string? Type = null, string? Rarity = null);

/// <summary>Reads card templates. Writing is <see cref="Import.ImportTemplates"/>.</summary>
public sealed class CardTemplateRepository(GameDatabase database, GameCache cache, CardCatalogue catalogue, CursorKey cursors)
{
    /// <summary>One template, through the cache; null when there is none.</summary>
    public Task<CardTemplate?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        cache
            .GetAsync(
                SummonersGridCache.Template,
                id,
                catalogue,
                static async (from, id, ct) => (await from.CurrentAsync(ct)).GetValueOrDefault(id),
                cancellationToken
            )
            .AsTask();

    /// <summary>The templates used most in matches and decks, most used first; as counted by the last run of the job that counts.</summary>
    /// <param name="count">At most this many, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<CardTemplate>> MostUsedAsync(int count = 100, CancellationToken cancellationToken = default)
    {
        var ids = await database.ListAsync(new MostUsedTemplates(new PageSize(count).Value), cancellationToken);
        var templates = await catalogue.CurrentAsync(cancellationToken);
        return [.. ids.Where(templates.ContainsKey).Select(id => templates[id])];
    }

    /// <summary>
    /// Templates by name, or, when words are asked for, the best match first. A word may be followed by more of them, quoted as a
    /// phrase, or excluded with a minus, as in web searches.
    /// </summary>
    public async Task<PageOutcome<CardTemplate>> ListAsync(
        TemplateQuestion question,
        PageRequest page,
        CancellationToken cancellationToken = default
    )
    {
        var byRank = !string.IsNullOrWhiteSpace(question.Text);
        var asked = new CursorQuestion(
            "summoners_grid.card_templates",
            byRank ? PageOrder.Descending : PageOrder.Ascending,
            byRank ? ["rank", "id"] : ["name", "id"]
        )
            .Where("text", question.Text)
            .Where("type", question.Type)
            .Where("rarity", question.Rarity);
        switch (page.Start(cursors, asked))
        {
            case CursorReading.Refused refused:
                return new PageOutcome<CardTemplate>.Refused(refused.Refusal);
            case var start:
                var after = (start as CursorReading.Valid)?.Values;
                return new PageOutcome<CardTemplate>.Given(
                    byRank
                        ? await SearchAsync(question, asked, after, page.Size, cancellationToken)
                        : await BrowseAsync(question, asked, after, page.Size, cancellationToken)
                );
        }
    }

    private async Task<Page<CardTemplate>> BrowseAsync(
        TemplateQuestion question,
        CursorQuestion asked,
        IReadOnlyList<CursorValue>? after,
        PageSize size,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.ListAsync(
            new BrowseTemplates(question, after?[0].Text, after?[1].Text, size.RowsToRead),
            ReadConsistency.Eventual,
            actor: null,
            cancellationToken
        );
        return Page.From(rows, size, t => Cursor.Write(cursors, asked, t.Name, t.Id));
    }

    private async Task<Page<CardTemplate>> SearchAsync(
        TemplateQuestion question,
        CursorQuestion asked,
        IReadOnlyList<CursorValue>? after,
        PageSize size,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.ListAsync(
            new SearchTemplates(question, after?[0].Double, after?[1].Text, size.RowsToRead),
            ReadConsistency.Eventual,
            actor: null,
            cancellationToken
        );
        return Page.From(rows, size, t => Cursor.Write(cursors, asked, t.Rank, t.Template.Id)).Map(t => t.Template);
    }
}

/// <summary>Templates by name.</summary>
internal sealed record BrowseTemplates(TemplateQuestion Question, string? AfterName, string? AfterId, int Limit)
    : IQuery<BrowseTemplates, CardTemplate>
{
    public static string Sql =>
        $"""
        select {TemplateRow.Columns}
        from summoners_grid.card_templates t
        where ($1::text is null or t.type = $1)
          and ($2::text is null or t.rarity = $2)
          -- idx_card_templates_name
          and ($3::text is null or (t.name, t.id) > ($3, $4))
        order by t.name, t.id
        limit $5
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .AddNullable(Question.Type)
            .AddNullable(Question.Rarity)
            .AddNullable(AfterName)
            .AddNullable(AfterId)
            .Add(Limit);

    public static CardTemplate Read(NpgsqlDataReader row) => TemplateRow.Read(row);
}

/// <summary>Ids of templates by use.</summary>
internal sealed record MostUsedTemplates(int Limit) : IQuery<MostUsedTemplates, string>
{
    // idx_card_templates_usage
    public static string Sql => "select id from summoners_grid.card_templates order by usage_count desc, id limit $1";

    public void Bind(StatementParameters parameters) => parameters.Add(Limit);

    public static string Read(NpgsqlDataReader row) => row.GetString(0);
}

/// <summary>Templates by words, best match first.</summary>
internal sealed record SearchTemplates(TemplateQuestion Question, double? AfterRank, string? AfterId, int Limit)
    : IQuery<SearchTemplates, RankedTemplate>
{
    public static string Sql =>
        $"""
        select {TemplateRow.Columns}, t.rank
        from (
          select c.*, ts_rank(to_tsvector('english', c.name || ' ' || coalesce(c.flavor_text, '')), q.words)::float8 as rank
          from summoners_grid.card_templates c, websearch_to_tsquery('english', $1) as q (words)
          -- idx_card_templates_search
          where to_tsvector('english', c.name || ' ' || coalesce(c.flavor_text, '')) @@ q.words
            and ($2::text is null or c.type = $2)
            and ($3::text is null or c.rarity = $3)
        ) t
        where $4::float8 is null or (t.rank, t.id) < ($4, $5)
        order by t.rank desc, t.id desc
        limit $6
        """;

    public void Bind(StatementParameters parameters) =>
        parameters
            .Add(Question.Text!)
            .AddNullable(Question.Type)
            .AddNullable(Question.Rarity)
            .AddNullable(AfterRank)
            .AddNullable(AfterId)
            .Add(Limit);

    public static RankedTemplate Read(NpgsqlDataReader row) => new(TemplateRow.Read(row), row.GetDouble(11));
}

internal sealed record RankedTemplate(CardTemplate Template, double Rank);
