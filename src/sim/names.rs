//! Names of people who do not exist: common parts put together at random.

use super::random::Random;

#[rustfmt::skip]
const SURNAMES: [&str; 120] = [
    "Abbott", "Achebe", "Adeyemi", "Ahmed", "Akhtar", "Aldridge", "Ashworth", "Atherton", "Bainbridge",
    "Banerjee", "Barlow", "Begum", "Birkett", "Blackwood", "Bramley", "Brannigan", "Brierley", "Bukowski",
    "Burgess", "Byrne", "Cadwallader", "Calloway", "Carmichael", "Cartwright", "Chaudhry", "Chilvers",
    "Clegg", "Conteh", "Cooper", "Corrigan", "Cresswell", "Cullen", "Dacosta", "Dalgleish", "Davenport",
    "Delaney", "Desai", "Devlin", "Dimitrova", "Donoghue", "Eastwood", "Ellwood", "Entwistle",
    "Fairbrother", "Fallon", "Farouk", "Fernández", "Finch", "Fitzgerald", "Forsyth", "Gallagher",
    "Garside", "Gill", "Goodall", "Greenhalgh", "Griffiths", "Grzelak", "Hargreaves", "Haworth", "Heywood",
    "Holloway", "Hussain", "Iqbal", "Islam", "Jankowski", "Jones", "Kaczmarek", "Kapoor", "Kaur", "Kelsall",
    "Khan", "Kirkbride", "Knowles", "Lam", "Langridge", "Lockwood", "Loughlin", "MacAulay", "Mahmood",
    "Marsden", "McAllister", "McGrath", "Mensah", "Metcalfe", "Müller", "Murgatroyd", "Naylor", "Ndlovu",
    "Nguyễn", "Núñez", "O'Connor", "O'Hara", "O'Sullivan", "Oduya", "Okafor", "Ollerenshaw", "Osei",
    "Oyelaran", "Parveen", "Patel", "Pickering", "Quigley", "Rahman", "Ravenscroft", "Rees", "Rowbottom",
    "Sandhu", "Shah", "Siddiqui", "Singh", "Smith", "St John", "Szymański", "Thackeray", "Thistlethwaite",
    "Ünal", "Vaughan", "Wainwright", "Whitworth", "Yilmaz",
];

#[rustfmt::skip]
const FORENAMES: [&str; 96] = [
    "Aaliyah", "Abdul", "Agnieszka", "Aisha", "Alan", "Albert", "Alice", "Amina", "Andrew", "Anjali", "Ann",
    "Anthony", "Arthur", "Barbara", "Beatrice", "Brendan", "Bronwen", "Caitlín", "Catherine", "Chantelle",
    "Chidi", "Clare", "Colin", "Daniel", "Daphne", "David", "Deborah", "Derek", "Doris", "Edith", "Eilidh",
    "Elizabeth", "Emmanuel", "Ethel", "Fatima", "Florence", "François", "Frederick", "Geoffrey", "George",
    "Gladys", "Grace", "Harjit", "Harold", "Hassan", "Hilda", "Ibrahim", "Irene", "Ivy", "Jack", "Jean",
    "Joan", "John", "José", "Joyce", "Karen", "Kathleen", "Kenneth", "Khadija", "Krzysztof", "Lilian",
    "Linda", "Louise", "Mabel", "Margaret", "Mary", "Maureen", "Michael", "Mohammed", "Muriel", "Nasreen",
    "Ngozi", "Nora", "Olive", "Oliver", "Pamela", "Patrick", "Peter", "Priya", "Ralph", "Rashid", "Renée",
    "Robert", "Ruth", "Samuel", "Seán", "Sheila", "Siân", "Sunita", "Thomas", "Vera", "Walter", "William",
    "Yusuf", "Zainab", "Zoë",
];

/// Double-barrelled surnames, in a thousand.
const DOUBLE_BARRELLED: u64 = 40;
/// People with a middle name, in a thousand.
const MIDDLE_NAMED: u64 = 250;

/// A surname; one in twenty-five is double-barrelled.
pub fn surname(random: &mut Random) -> String {
    let first = *random.pick(&SURNAMES);
    if random.happens(DOUBLE_BARRELLED) {
        let second = *random.pick(&SURNAMES);
        if first != second {
            return format!("{first}-{second}");
        }
    }
    first.to_owned()
}

/// A forename, often with the initial of another.
pub fn forename(random: &mut Random) -> String {
    let first = *random.pick(&FORENAMES);
    let initial = random.pick(&FORENAMES).chars().next().filter(|_| random.happens(MIDDLE_NAMED));
    initial.map_or_else(|| first.to_owned(), |initial| format!("{first} {initial}"))
}
