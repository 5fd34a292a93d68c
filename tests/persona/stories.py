"""A story in visits and a queue, as small as they can be and show all that such a persona can have."""

VISITS = """\
name: Emil Novak
title: The same card every week
channel: counter
trainee:
  role: Clerk
  brief: He comes on Thursdays.
  record: {Buys: A prepaid card}
customer:
  opening: "The ten one, please."
  backstory: He is eighty and walks here.
  temperament: {trust: 4, distress: 5, patience: 4}
needs:
  card: {kind: spoken, need: The prepaid card for ten.}
  likeness: {kind: unspoken, need: To be near somebody who looks like his son.}
moments:
  - {id: opening, feeling: shy, spoken: card, key: true}
  - {id: lingers, says: "It is quiet here.", feeling: lonely, unspoken: likeness}
disclosures:
  - {id: son, says: "You look like my Petr.", reveal: asked, topics: [your son], gives_away: [petr], tells: likeness}
  - {id: minutes, says: "I never use them up.", reveal: asked, topics: [your minutes], gives_away: [use them up]}
answers:
  - {asks: [bus stop], says: "I walk."}
endings:
  - {id: thanks, when: met(card) and met(likeness), says: "Until Thursday.", outcome: good, epilogue: He came back.}
  - {id: walks-off, when: patience <= 0, says: "Another day."}
visits:
  - id: second
    title: The second Thursday
    opening: "Again the ten one."
    brief: He is back.
    record: {Last time: Ten minutes at the counter}
    backstory: His knee is bad since Sunday.
    moments:
      - {id: again, feeling: hopeful, unspoken: likeness, key: true}
      - id: coat
        says: "Petr had that same coat."
        when: disclosed(son)
        feeling: longing
        unspoken: likeness
        key: true
      - {id: sorry, says: "I left so fast.", when: ended(walks-off), feeling: sorry, unspoken: likeness, key: true}
    disclosures:
      - {id: letter, says: "I wrote to him.", reveal: asked, topics: [a letter], gives_away: [wrote to him]}
    answers:
      - {asks: [your knee], says: "Swollen."}
  - id: third
    title: The third Thursday
    when: disclosed(son) and not ended(walks-off)
    opening: "Petr has answered."
    moments:
      - {id: news, feeling: joy, unspoken: likeness, key: true}
    endings:
      - {id: reads, when: met(likeness), says: "Dear father, he writes.", outcome: good, epilogue: It is in his coat.}
"""

QUEUE = """\
name: Window Four
title: Everyone in line
channel: counter
draws: 2
trainee:
  role: Clerk
  may: [make a copy]
  gestures: [{id: tissue, does: pass a tissue, fits: [lottie-opening]}]
reactions:
  met: ["Thank you for that."]
queue:
  - id: lottie
    name: Lottie Marsh
    title: A woman with a wet coat
    narration: She puts a folder on the counter.
    customer:
      opening: "I need two copies."
      backstory: It is a form.
      temperament: {trust: 4, distress: 5, patience: 2}
    needs:
      copy: {kind: spoken, need: Two copies of the form.}
      time: {kind: unspoken, need: Not to be hurried at the end of it.}
    moments:
      - {id: opening, feeling: numb, spoken: copy, unspoken: time, key: true}
      - id: late
        says: "Am I late?"
        when: not met(time) and (turn >= 1 or said(opening))
        feeling: lost
        unspoken: time
    disclosures:
      - id: house
        says: "It is for the sale."
        reveal: asked
        topics: [the house]
        gives_away: [the sale]
        tells: time
    answers:
      - {asks: [how many pages], says: [{says: "Of the sale? Nine.", when: disclosed(house)}, "Nine."]}
    reactions: {met: ["That is kind."]}
    endings:
      - {id: lighter, when: met(copy) and met(time), says: "Slowly, then.", outcome: good, epilogue: She walked.}
      - {id: walks-off, when: patience <= 0, says: "Never mind.", epilogue: She found another window.}
  - id: tom
    name: Tom Reyes
    customer:
      opening: "Is this where you pay fines?"
      backstory: It was a library book.
      temperament: {trust: 4, distress: 5, patience: 2}
    needs:
      fine: {kind: spoken, need: To pay the fine.}
    moments:
      - {id: opening, feeling: ashamed, spoken: fine, key: true}
      - {id: book, says: "I did read it.", feeling: ashamed, spoken: fine, key: true}
    endings:
      - {id: pays, when: met(fine), says: "Here.", outcome: good, epilogue: He reads on the bus.}
      - {id: walks-off, when: patience <= 0, says: "Sorry."}
"""
